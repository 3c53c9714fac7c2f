/** What happens to a parcel: deliveries of one channel that go out in one call. */
import type { Context } from "@contract/system.ts";
import { backoffMs } from "./backoff.ts";
import { type Breaker, openBreaker } from "./breaker.ts";
import { type Channel, CHANNELS } from "./channels.ts";
import { hindrances } from "./permission.ts";
import { callProvider, type Reply } from "./provider.ts";
import type { Claimed, Outcome, Queue } from "./queue.ts";

export type Deliver = (parcel: readonly Claimed[]) => Promise<void>;

export function openDelivery(context: Context, queue: Queue): Deliver {
  const { clock, config, upstreams } = context;
  const breakers = Object.fromEntries(CHANNELS.map((channel) => [
    channel,
    openBreaker({
      failures: Number(config.breakerFailures),
      pauseMs: Number(config.breakerMs),
    }),
  ])) as Record<Channel, Breaker>;

  return async function deliver(parcel) {
    const { channel } = parcel[0]!;
    const breaker = breakers[channel];
    const hindered = await hindrances(context, parcel);
    await finish(parcel.map((one, index) => [one, hindered[index]]));
    const wanted = parcel.filter((_, index) => hindered[index] === undefined);
    const free = await passBreaker(breaker, wanted);
    if (free.length === 0) return;
    const reply = await callProvider(upstreams[channel]!, free);
    breaker.report(reply.status !== "unclear", clock.now());
    await finish(free.map((one) => [one, outcomeOf(reply, one)]));
  };

  async function finish(
    outcomes: readonly (readonly [Claimed, Outcome | undefined])[],
  ): Promise<void> {
    const known = outcomes.filter((pair): pair is [Claimed, Outcome] =>
      pair[1] !== undefined
    );
    if (known.length > 0) await queue.finish(known);
  }

  /** Gives those that may be called for now. With the provider left alone, some go to their next channel, others wait. */
  async function passBreaker(
    breaker: Breaker,
    wanted: readonly Claimed[],
  ): Promise<readonly Claimed[]> {
    if (wanted.length === 0) return [];
    const verdict = breaker.enter(clock.now());
    if (verdict.status === "closed") return wanted;
    await finish(
      wanted.filter(({ hasNext }) => hasNext).map((one) => [one, SKIPPED]),
    );
    const left = wanted.filter(({ hasNext }) => !hasNext);
    // After the one call they are due at once, and taken anew: lease and permission may be over by then.
    if (verdict.status === "trial") await verdict.ended;
    const dueMs = verdict.status === "open" ? verdict.untilMs : clock.now();
    const wait = { status: "queued", isAttempt: false, dueMs } as const;
    await finish(left.map((one) => [one, wait]));
    return [];
  }

  function outcomeOf(reply: Reply, { attempts }: Claimed): Outcome {
    if (reply.status === "taken") return { status: "sent", isAttempt: true };
    const { reason } = reply;
    const isLast = attempts + 1 >= Number(config.attemptsMax);
    if (reply.status === "refused" || isLast) {
      return { status: "failed", reason, isAttempt: true, goesOn: true };
    }
    const waitMs = backoffMs({
      attempt: attempts,
      baseMs: Number(config.retryBaseMs),
      retryAfterMs: reply.retryAfterMs,
    });
    const dueMs = clock.now() + waitMs;
    return { status: "queued", reason, isAttempt: true, dueMs };
  }
}

const SKIPPED: Outcome = {
  status: "failed",
  reason: "the provider is failing",
  isAttempt: false,
  goesOn: true,
};
