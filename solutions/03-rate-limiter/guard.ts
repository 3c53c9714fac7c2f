/** What every request to `/api/*` goes through: its slot, its rate limit, the API. */
import type { Upstream } from "@contract/system.ts";
import type { Limiter } from "./algorithm.ts";
import { clientOf } from "./client.ts";
import { forward } from "./forward.ts";
import type { Policies } from "./policies.ts";
import type { BucketPolicy, NamedPolicy, RatePolicy } from "./policy.ts";
import { ProblemError } from "./problem.ts";
import { rateHeaders } from "./rate_limit_headers.ts";
import type { Slots } from "./slots.ts";

export interface GuardParts {
  readonly policies: Policies;
  readonly limiter: Limiter;
  readonly slots: Slots;
  readonly api: Upstream;
  /** How long the store may take for a verdict, however often it is asked. */
  readonly storeDeadlineMs: number;
}

export async function guard(
  { policies, limiter, slots, api, storeDeadlineMs }: GuardParts,
  request: Request,
): Promise<Response> {
  const named = policies.forPath(new URL(request.url).pathname);
  const client = clientOf(request.headers);
  const cost = costOf(request.headers, named);
  const isCritical = request.headers.get("x-priority") === "critical";
  const untilMs = performance.now() + storeDeadlineMs;

  // Given back however this function ends.
  await using slot = await slots.take({ named, client, isCritical, untilMs });
  const headers = isRateLimited(named)
    ? await takeFromLimit(limiter, { named, client, cost, untilMs })
    : slot.headers;
  const answer = await forward(api, request);
  Object.entries(headers).forEach(([name, value]) =>
    answer.headers.set(name, value)
  );
  return answer;
}

/** Gives the headers for an admitted request; throws a 429 that has them too. */
async function takeFromLimit(
  limiter: Limiter,
  request: Parameters<Limiter["take"]>[0],
): Promise<Record<string, string>> {
  const decision = await limiter.take(request);
  const headers = rateHeaders(request.named, decision);
  if (decision.isAdmitted) return headers;
  const { limit, windowSec } = request.named.policy;
  throw new ProblemError({
    status: 429,
    code: "rate_limited",
    detail: `At most ${limit} requests per ${windowSec} s`,
    headers,
  });
}

/** `X-Cost` as a number. More than the bucket holds could never be admitted. */
function costOf(headers: Headers, named: NamedPolicy | undefined): number {
  if (!isBucket(named)) return 1;
  const { burst, cost } = named.policy;
  const asked = headers.get("x-cost");
  if (asked === null) return cost;
  if (/^[1-9]\d{0,6}$/.test(asked) && Number(asked) <= burst) {
    return Number(asked);
  }
  throw new ProblemError({
    status: 400,
    code: "invalid_cost",
    detail:
      `X-Cost must be a whole number from 1 to ${burst}, but is "${asked}"`,
  });
}

function isBucket(
  named: NamedPolicy | undefined,
): named is NamedPolicy<BucketPolicy> {
  return named?.policy.algorithm === "token_bucket";
}

function isRateLimited(
  named: NamedPolicy | undefined,
): named is NamedPolicy<RatePolicy> {
  return named !== undefined && named.policy.algorithm !== "concurrency";
}
