/** What the four rate algorithms have in common: the question, the answer, and two places to remember. */
import { fixedWindow } from "./fixed_window.ts";
import type { RateAlgorithm, RatePolicy } from "./policy.ts";
import { slidingCounter } from "./sliding_counter.ts";
import { slidingLog } from "./sliding_log.ts";
import { tokenBucket } from "./token_bucket.ts";

/** A policy as numbers, and the moment of the request. */
export interface Terms {
  readonly limit: number;
  readonly windowMs: number;
  /** Size of the bucket; the limit where there is no bucket. */
  readonly burst: number;
  /** Tokens that this request takes. */
  readonly cost: number;
  readonly nowMs: number;
}

export interface Decision {
  readonly isAdmitted: boolean;
  /** Requests of cost 1 that would be admitted right now. */
  readonly left: number;
  /** Until `left` is as high as it gets, if nobody asks again. */
  readonly resetMs: number;
  /** Until this very request would be admitted, if nobody else asks; 0 when it was. */
  readonly retryMs: number;
}

export interface Algorithm<State> {
  /** Decides from what is remembered of the client, and says what to remember next. */
  decide(
    state: State | undefined,
    terms: Terms,
  ): { readonly state: State; readonly decision: Decision };
  /**
   * The same as one Lua script, for a state that all instances share. It finds `key`, `limit`, `window`, `burst`,
   * `cost` and `now` set (see shared_limiter.ts) and returns {admitted as 0 or 1, left, reset, retry}.
   */
  readonly script: string;
}

/** Something that can say yes or no. */
export interface Limiter {
  take(request: LimitedRequest): Promise<Decision>;
}

export interface LimitedRequest {
  readonly named: { readonly name: string; readonly policy: RatePolicy };
  readonly client: string;
  readonly cost: number;
  /** Moment of `performance.now()` up to which the store may answer. */
  readonly untilMs: number;
}

// deno-lint-ignore no-explicit-any -- each algorithm alone knows its state
const ALGORITHMS: Readonly<Record<RateAlgorithm, Algorithm<any>>> = {
  fixed: fixedWindow,
  token_bucket: tokenBucket,
  sliding_log: slidingLog,
  sliding_counter: slidingCounter,
};

export function algorithmOf(policy: RatePolicy) {
  return ALGORITHMS[policy.algorithm];
}

export function termsOf(
  policy: RatePolicy,
  { cost, nowMs }: { readonly cost: number; readonly nowMs: number },
): Terms {
  const { limit, windowSec } = policy;
  const burst = policy.algorithm === "token_bucket" ? policy.burst : limit;
  return { limit, windowMs: windowSec * 1000, burst, cost, nowMs };
}

/** The algorithm is part of the name: a client counted by an edited policy must not meet a state of another shape. */
export function stateKey({ named, client }: LimitedRequest): string {
  return `limit:${named.name}:${named.policy.algorithm}:${client}`;
}
