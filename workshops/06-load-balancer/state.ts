/** What `GET /admin/backends` shows. */
import type { Backend } from "./backend.ts";
import type { Pool } from "./pool.ts";

export function stateOf({ all }: Pool) {
  return { backends: all.map(shown) };
}

function shown({ id, weight, isUp, inFlight, passed, failed }: Backend) {
  const state = isUp ? "up" : "down";
  return { id, weight, state, inFlight, checks: { passed, failed } };
}
