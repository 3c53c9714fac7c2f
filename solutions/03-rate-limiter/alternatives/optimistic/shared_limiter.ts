/**
 * Counts in Redis, optimistically. The decision is made here, from what was last known of the client; the store writes
 * it down only if that is still true, and otherwise says what is. Without a rival that is one round trip.
 */
import type { Clock, Context } from "@contract/system.ts";
import { algorithmOf, type Limiter, stateKey, termsOf } from "./algorithm.ts";

/** Each attempt that fails means that another request of this client has succeeded. */
const ATTEMPTS_MAX = 200;
/** Clients remembered; a forgotten one costs a second round trip. */
const CLIENTS_MAX = 10_000;

/** KEYS: the state, the clock. ARGV: what it should be, what it shall be, the time of the decision, lifetime. */
const SWAP = `
  local now = redis.call('GET', KEYS[2])
  local stored = redis.call('GET', KEYS[1]) or ''
  if stored ~= ARGV[1] or math.abs(tonumber(now) - tonumber(ARGV[3])) > 20 then
    return {stored, now}
  end
  if ARGV[2] ~= ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
  end
  return {}`;

export function sharedLimiter(
  redis: Context["redis"],
  clock: Clock,
): Limiter {
  const known = new Map<string, string>();
  /** How far the store's clock is ahead of ours. */
  let offsetMs = 0;

  function remember(key: string, state: string): void {
    known.delete(key);
    known.set(key, state);
    if (known.size > CLIENTS_MAX) known.delete(known.keys().next().value!);
  }

  return {
    async take(request) {
      const { policy } = request.named;
      const key = stateKey(request);
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        const expected = known.get(key) ?? "";
        const nowMs = clock.now() + offsetMs;
        const terms = termsOf(policy, { cost: request.cost, nowMs });
        const { state, decision } = algorithmOf(policy).decide(
          expected === "" ? undefined : JSON.parse(expected),
          terms,
        );
        const next = decision.isAdmitted ? JSON.stringify(state) : expected;
        const lifeMs = decision.resetMs + terms.windowMs;
        const conflict = await redis.eval(SWAP, {
          keys: [key, "kit:now"],
          arguments: [expected, next, String(nowMs), String(lifeMs)],
        }) as [] | [string, string];
        if (conflict.length === 0) {
          remember(key, next);
          return decision;
        }
        remember(key, conflict[0]);
        offsetMs = Number(conflict[1]) - clock.now();
      }
      throw new Error(`${ATTEMPTS_MAX} others were faster`);
    },
  };
}
