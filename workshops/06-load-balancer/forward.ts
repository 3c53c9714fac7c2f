/** Passes one request to a backend and its answer back, as they come. */
import type { Context } from "@contract/system.ts";
import type { Balance } from "./balance.ts";
import type { Pool } from "./pool.ts";
import { notImplemented } from "./problem.ts";
import type { Sessions } from "./sessions.ts";

export interface Forwarding {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly sessions: Sessions | undefined;
  readonly config: Context["config"];
}

export function forward(
  _request: Request,
  _parts: Forwarding,
): Promise<Response> {
  // TODO 06.1: balance(pool.ready, user).upstream.fetch(…); 503, 502 and 504 when there is no answer to pass back.
  throw notImplemented("06.1 Round robin", "pass requests on in forward.ts");
}
