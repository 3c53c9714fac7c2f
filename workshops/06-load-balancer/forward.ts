/** Passes one request to a backend and its answer back, as they come. */
import type { Context } from "@contract/system.ts";
import type { Balance } from "./balance.ts";
import type { Metrics } from "./metrics.ts";
import type { Pool } from "./pool.ts";
import { notImplemented } from "./problem.ts";
import type { RetryBudget } from "./retries.ts";
import type { Sessions } from "./sessions.ts";

export interface Forwarding {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly sessions: Sessions | undefined;
  readonly retries: RetryBudget;
  readonly metrics: Metrics;
  readonly config: Context["config"];
}

/** `headers` are those for the backend (headers.ts). */
export function forward(
  _request: Request,
  _headers: Headers,
  _parts: Forwarding,
): Promise<Response> {
  // TODO 06.1: balance(pool.ready, user).http.fetch(…); 503, 502 and 504 when there is no answer to pass back.
  throw notImplemented("06.1 Round robin", "pass requests on in forward.ts");
}
