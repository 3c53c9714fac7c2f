import type {
  ReplyHold,
  WriteGate,
  WriteGateOptions,
  WriteGateReport,
} from "./types.ts";

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
  const { proxies = [] } = options;
  const holds = proxies.map((proxy) => proxy.holdReplies());
  const fromMs = performance.now();
  let heldMax = 0;
  let report: Promise<WriteGateReport> | undefined;

  async function letGo(): Promise<WriteGateReport> {
    for (const proxy of proxies) proxy.markHeld();
    await store.release();
    for (const hold of holds) hold.release();
    return { heldMax, heldMs: performance.now() - fromMs };
  }
  const release = () => report ??= letGo();
  return {
    release,
    async releaseWhenSettled(operation) {
      const settling = untilSettled(store, { options, holds, operation });
      for await (const waiting of settling) {
        heldMax = Math.max(heldMax, waiting);
      }
      return await release();
    },
    async [Symbol.asyncDispose]() {
      await release();
    },
  };
}

interface Settling {
  readonly options: WriteGateOptions;
  readonly holds: readonly ReplyHold[];
  readonly operation?: Promise<unknown>;
}

/** Polls; moves everybody one step on when nothing moves; ends when only writers are left. */
async function* untilSettled(
  store: HeldStore,
  { options, holds, operation }: Settling,
): AsyncGenerator<number> {
  const { limitMs = 300, idleLimitMs = 2_000, pollMs = 10 } = options;
  let isOver = false;
  const ended = operation?.then(() => {}, () => {}).then(() => {
    isOver = true;
  });
  let deadlineMs = performance.now() + idleLimitMs;
  let previous = { waiting: 0, activity: -1 };
  let stillPolls = 0;
  while (!isOver && performance.now() < deadlineMs) {
    const now = { waiting: await store.waiting(), activity: traffic(options) };
    yield now.waiting;
    if (now.waiting > 0 && previous.waiting === 0) {
      deadlineMs = Math.min(deadlineMs, performance.now() + limitMs);
    }
    const isStill = now.waiting === previous.waiting &&
      now.activity === previous.activity;
    stillPolls = isStill ? stillPolls + 1 : 0;
    previous = now;
    if (stillPolls >= STILL_POLLS) {
      if (holds.some((hold) => hold.isHolding)) {
        for (const hold of holds) hold.deliver();
        stillPolls = 0;
      } else if (now.waiting > 0) {
        return;
      }
    }
    await Promise.race([ended ?? never, after(pollMs)]);
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
