/** What `GET /admin/backends` shows. */
import type { Backend } from "./backend.ts";
import type { Pool } from "./pool.ts";

export function stateOf({ all, draining }: Pool) {
  const leaving = draining.map((one) => ({ ...shown(one), state: "draining" }));
  return { backends: [...all.map(shown), ...leaving] };
}

function shown(backend: Backend) {
  const { id, weight, isUp, inFlight, passed, failed } = backend;
  const state = isUp ? "up" : "down";
  const breaker = backend.breaker.state;
  return { id, weight, state, breaker, inFlight, checks: { passed, failed } };
}
