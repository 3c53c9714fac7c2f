/** Counts in this process alone: all that one instance needs, and the fallback when the shared store is away. */
import type { Clock } from "@contract/system.ts";
import { algorithmOf, type Limiter, stateKey, termsOf } from "./algorithm.ts";

/** Clients remembered; beyond that the one that has been silent for longest is forgotten. */
const CLIENTS_MAX = 100_000;

export function localLimiter(clock: Clock): Limiter {
  const states = new Map<string, unknown>();
  return {
    take(request) {
      const { named, cost } = request;
      const key = stateKey(request);
      const { state, decision } = algorithmOf(named.policy).decide(
        states.get(key),
        termsOf(named.policy, { cost, nowMs: clock.now() }),
      );
      // A Map keeps the order of insertion: deleting first makes the newest the last.
      states.delete(key);
      states.set(key, state);
      if (states.size > CLIENTS_MAX) {
        states.delete(states.keys().next().value!);
      }
      return Promise.resolve(decision);
    },
  };
}
