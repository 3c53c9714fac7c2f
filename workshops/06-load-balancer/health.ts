/** Asks every backend every few seconds how it is. */
import type { Context } from "@contract/system.ts";
import type { Pool } from "./pool.ts";

export function startHealthChecks(_context: Context, _pool: Pool): void {
  // TODO 06.3: every config.checkEverySec by the clock (0: never), side by side, each with a deadline.
}
