import { after } from "./after.ts";
import type {
  Proxy,
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
    options.onLetGo?.(heldMax);
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
  const { proxies = [], limitMs = 300, idleLimitMs = 2_000, pollMs = 10 } =
    options;
  let isOver = false;
  const ended = operation?.then(() => {}, () => {}).then(() => {
    isOver = true;
  });
  let deadlineMs = performance.now() + idleLimitMs;
  let previous = { waiting: 0, activity: -1 };
  let stillPolls = 0;
  while (!isOver && performance.now() < deadlineMs) {
    const now = { waiting: await store.waiting(), activity: traffic(proxies) };
    yield now.waiting;
    if (now.waiting > 0 && previous.waiting === 0) {
      deadlineMs = Math.min(deadlineMs, performance.now() + limitMs);
    }
    const isStill = now.waiting === previous.waiting &&
      now.activity === previous.activity;
    stillPolls = isStill ? stillPolls + 1 : 0;
    previous = now;
    const isHolding = holds.some((hold) => hold.isHolding);
    if (isHolding && stillPolls >= STEP_POLLS) {
      for (const hold of holds) hold.deliver();
      stillPolls = 0;
    }
    if (!isHolding && now.waiting > 0 && stillPolls >= LAST_POLLS) return;
    await Promise.race([ended ?? never, after(pollMs)]);
  }
}

/** Grows with every message and every reply; standing still means that nothing moves. */
export function traffic(proxies: readonly Proxy[]): number {
  return proxies.reduce((sum, proxy) => sum + proxy.activity, 0);
}

/** A step too early only splits it in two. */
const STEP_POLLS = 2;
/** Letting go is for good, and what was held so far may be a worker that writes on its own. */
const LAST_POLLS = 4;
const never = new Promise<never>(() => {});
