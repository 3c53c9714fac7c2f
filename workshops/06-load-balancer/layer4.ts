/** Passes the bytes of one connection to a backend and back, without knowing what they mean. */
import type { Context } from "@contract/system.ts";
import type { Balance } from "./balance.ts";
import type { Pool } from "./pool.ts";

export interface Passing {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly config: Context["config"];
}

/** Resolves when the connection is over, in both directions. */
export function passBytes(client: Deno.Conn, _parts: Passing): Promise<void> {
  // TODO 06.5: balance(pool.ready, "").upstream.connect(), and a pump for each direction.
  client.close();
  return Promise.resolve();
}
