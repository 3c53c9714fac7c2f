/** The workers: so many calls per provider at once, the most urgent first, and bulk at its own pace. */
import type { Context } from "@contract/system.ts";
import { type Channel, CHANNELS } from "./channels.ts";
import type { Deliver } from "./deliver.ts";
import { paceOf } from "./pace.ts";
import type { Claimed, Queue } from "./queue.ts";

/** Between two looks for what has become due; what is accepted here is looked at right away. */
const POLL_MS = 40;
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
  const news = new Map<Channel, PromiseWithResolvers<void>>();
  const wake = () => news.forEach(({ resolve }) => resolve());

  const underWay = new Map(
    CHANNELS.map((channel) => [channel, new Set<Promise<void>>()]),
  );

  async function serve(channel: Channel): Promise<void> {
    while (!signal.aborted) {
      // A fresh one for each look: a promise that waits for ever would keep all who ever waited for it.
      const heard = Promise.withResolvers<void>();
      news.set(channel, heard);
      const parcels = await nextParcels(channel).catch((error) => {
        log("nothing taken", { channel, error: String(error) });
        return [];
      });
      parcels.forEach(start);
      if (parcels.length === 0) await Promise.race([heard.promise, pause()]);
    }
    await Promise.all(underWay.get(channel)!);
  }

  async function nextParcels(channel: Channel): Promise<Claimed[][]> {
    const free = workers - underWay.get(channel)!.size;
    if (free === 0) return [];
    const urgent = await queue.claim({ channel, isBulk: false, count: free });
    if (urgent.length > 0) return urgent.map((one) => [one]);
    const size = BATCH_MAX[channel];
    const waiting = await queue.countBulk(channel, free * size);
    if (waiting === 0) return [];
    const calls = await pace.take(channel, Math.ceil(waiting / size));
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

  const serving = Promise.all(CHANNELS.map(serve));
  return { wake, stopped: () => serving.then(() => {}) };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  );
}
