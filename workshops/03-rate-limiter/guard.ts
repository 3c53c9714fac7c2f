/** What every request to `/api/*` goes through: its slot, its rate limit, the API. */
import type { Upstream } from "@contract/system.ts";
import type { Limiter } from "./algorithm.ts";
import { clientOf } from "./client.ts";
import { forward } from "./forward.ts";
import type { Policies } from "./policies.ts";
import type { BucketPolicy, NamedPolicy, RatePolicy } from "./policy.ts";
import { notImplemented, ProblemError } from "./problem.ts";
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

/** `X-Cost` as a number, or what the policy says. */
function costOf(_headers: Headers, named: NamedPolicy | undefined): number {
  if (!isBucket(named)) return 1;
  // TODO 03.2: the header, else `named.policy.cost`; 400 `invalid_cost` for anything but 1 to `burst`.
  throw notImplemented("03.2 Token bucket", "read X-Cost in guard.ts");
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
