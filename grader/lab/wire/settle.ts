import type { WriteGate, WriteGateOptions, WriteGateReport } from "./types.ts";

/** The two store-specific halves of a write gate. */
export interface HeldStore {
  /** Writers that wait right now. */
  waiting(): Promise<number>;
  /** Lets them go. */
  release(): Promise<void>;
}

/** Makes a gate of a store whose writes have just been held. */
export function openWriteGate(
  store: HeldStore,
  options: WriteGateOptions = {},
): WriteGate {
  const fromMs = performance.now();
  let heldMax = 0;
  let report: Promise<WriteGateReport> | undefined;

  async function letGo(): Promise<WriteGateReport> {
    for (const proxy of options.proxies ?? []) proxy.markHeld();
    await store.release();
    return { heldMax, heldMs: performance.now() - fromMs };
  }
  const release = () => report ??= letGo();
  return {
    release,
    async releaseWhenSettled(operation) {
      for await (const waiting of untilSettled(store, options, operation)) {
        heldMax = Math.max(heldMax, waiting);
      }
      return await release();
    },
    async [Symbol.asyncDispose]() {
      await release();
    },
  };
}

/** Polls, and ends once the number of waiting writers and the traffic stand still. */
async function* untilSettled(
  store: HeldStore,
  options: WriteGateOptions,
  operation?: Promise<unknown>,
): AsyncGenerator<number> {
  const { limitMs = 300, idleLimitMs = 2_000, pollMs = 10 } = options;
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  operation?.then(end, end);
  let deadlineMs = performance.now() + idleLimitMs;
  let previous = { waiting: 0, activity: -1 };
  let stillPolls = 0;
  while (!isOver && performance.now() < deadlineMs) {
    const now = { waiting: await store.waiting(), activity: traffic(options) };
    yield now.waiting;
    if (now.waiting > 0 && previous.waiting === 0) {
      deadlineMs = Math.min(deadlineMs, performance.now() + limitMs);
    }
    const isStill = now.waiting > 0 && now.waiting === previous.waiting &&
      now.activity === previous.activity;
    stillPolls = isStill ? stillPolls + 1 : 0;
    if (stillPolls === STILL_POLLS) return;
    previous = now;
    await Promise.race([operation?.catch(() => {}) ?? never, after(pollMs)]);
  }
}

function traffic({ proxies = [] }: WriteGateOptions): number {
  return proxies.reduce((sum, proxy) => sum + proxy.activity, 0);
}

function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

const STILL_POLLS = 2;
const never = new Promise<never>(() => {});
