/** The workers: so many calls per provider at once, the most urgent first, and bulk at its own pace. */
import type { Context } from "@contract/system.ts";
import { type Channel, CHANNELS } from "./channels.ts";
import type { Deliver } from "./deliver.ts";
import { paceOf } from "./pace.ts";
import type { Claimed, Due, Queue } from "./queue.ts";

/** Between two looks for what has become due; what is accepted here is looked at right away. */
const POLL_MS = 40;
/** How long bulk may wait for its pace: a Redis that hangs must not hold up what does not need it. */
const PACE_MS_MAX = 1000;
/** How many bulk messages a provider takes in one call. */
const BATCH_MAX: Readonly<Record<Channel, number>> = {
  email: 100,
  sms: 1,
  push: 1,
};

export interface Sender {
  /** Something may be due. */
  wake(): void;
  /** Resolves when nothing is under way any more. */
  stopped(): Promise<void>;
}

/** Starts workers, so many for each channel: a provider that hangs keeps only its own workers waiting. */
export function startSender(
  context: Context,
  { queue, deliver }: { readonly queue: Queue; readonly deliver: Deliver },
): Sender {
  const { config, signal, log } = context;
  const workers = Number(config.workers);
  const pace = paceOf(context, Number(config.bulkPerSec));
  let news = Promise.withResolvers<void>();
  const wake = () => news.resolve();

  const underWay = new Map(
    CHANNELS.map((channel) => [channel, new Set<Promise<void>>()]),
  );

  async function serve(): Promise<void> {
    while (!signal.aborted) {
      // A fresh one for each look: a promise that waits for ever would keep all who ever waited for it.
      news = Promise.withResolvers();
      const started = await startDue().catch((error) => {
        log("nothing taken", { error: String(error) });
        return 0;
      });
      if (started === 0) await Promise.race([news.promise, pause()]);
    }
    await Promise.all([...underWay.values()].flatMap((works) => [...works]));
  }

  /** One query while there is nothing to do. */
  async function startDue(): Promise<number> {
    const due = await queue.due();
    const started = await Promise.all(due.map(startNext));
    return started.reduce((sum, count) => sum + count, 0);
  }

  /** What goes wrong on one channel leaves the others alone. */
  async function startNext(due: Due): Promise<number> {
    const parcels = await nextParcels(due).catch((error) => {
      log("nothing taken", { channel: due.channel, error: String(error) });
      return [];
    });
    parcels.forEach(start);
    return parcels.length;
  }

  async function nextParcels(
    { channel, isUrgent }: Due,
  ): Promise<Claimed[][]> {
    const free = workers - underWay.get(channel)!.size;
    if (free === 0) return [];
    if (isUrgent) {
      const urgent = await queue.claim({ channel, isBulk: false, count: free });
      return urgent.map((one) => [one]);
    }
    const size = BATCH_MAX[channel];
    const waiting = await queue.countBulk(channel, free * size);
    const calls = await inTime(pace.take(channel, Math.ceil(waiting / size)));
    if (calls === 0) return [];
    const count = calls * size;
    return chunks(await queue.claim({ channel, isBulk: true, count }), size);
  }

  function start(parcel: Claimed[]): void {
    const works = underWay.get(parcel[0]!.channel)!;
    const work: Promise<void> = deliver(parcel)
      // Its lease will end, and somebody tries again.
      .catch((error) => log("left half-way", { error: String(error) }))
      .finally(() => {
        works.delete(work);
        wake();
      });
    works.add(work);
  }

  const serving = serve();
  return { wake, stopped: () => serving };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** Rejects when the answer takes too long. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const error = new Error(`no answer within ${PACE_MS_MAX} ms`);
  const timer = setTimeout(() => reject(error), PACE_MS_MAX);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  );
}
