import type { Log } from "../log.ts";
import type { Attempt, WorkerApi } from "./worker_api.ts";

/** Why a run was stopped before its end. */
export type StopReason =
  /** Somebody else has it now: whatever we find is not wanted. */
  | "lost"
  | "canceled"
  /** This worker is about to end. */
  | "draining";

/** A run in this worker's hands. */
export interface Lease extends Disposable {
  /** Aborts with a `StopReason`. */
  readonly signal: AbortSignal;
  /** From now on a heartbeat that does not name this run means that it is lost. */
  confirm(): void;
  stop(reason: StopReason): void;
}

export interface LeaseKeeperOptions {
  readonly workerId: string;
  readonly heartbeatMs: number;
  readonly log: Log;
}

interface HeldLease extends Attempt {
  isConfirmed: boolean;
  readonly end: AbortController;
}

/** Renews the worker's lease and tells its runs when they have lost theirs. */
export class LeaseKeeper {
  readonly #api: WorkerApi;
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Set<HeldLease>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  #beating: Promise<void> = Promise.resolve();

  constructor(api: WorkerApi, options: LeaseKeeperOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** Signs this worker in; resolves once the database knows it. */
  async start(): Promise<void> {
    await this.#api.heartbeat(this.#options.workerId);
    this.#schedule();
  }

  /** To be called before the claim, so that no heartbeat falls between. */
  hold(attempt: Attempt): Lease {
    const lease: HeldLease = {
      ...attempt,
      isConfirmed: false,
      end: new AbortController(),
    };
    this.#held.add(lease);
    return {
      signal: lease.end.signal,
      confirm: () => void (lease.isConfirmed = true),
      stop: (reason) => lease.end.abort(reason),
      [Symbol.dispose]: () => void this.#held.delete(lease),
    };
  }

  stopAll(reason: StopReason): void {
    for (const { end } of this.#held) end.abort(reason);
  }

  /** Ends the lease itself. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#beating;
    await this.#api.signOff(this.#options.workerId);
  }

  #schedule(): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().finally(() => this.#schedule());
    }, this.#options.heartbeatMs);
  }

  async #beat(): Promise<void> {
    const expected = [...this.#held].filter(({ isConfirmed }) => isConfirmed);
    try {
      const held = await this.#api.heartbeat(this.#options.workerId);
      for (const lease of expected) {
        const row = held.find((row) => isSame(row, lease));
        if (!row) lease.end.abort("lost" satisfies StopReason);
        else if (row.isCancelRequested) {
          lease.end.abort("canceled" satisfies StopReason);
        }
      }
      // Runs that ended here without the database hearing of it, when it was away.
      for (const row of held) {
        if ([...this.#held].some((lease) => isSame(row, lease))) continue;
        await this.#api.giveBack(row, { isFault: true });
      }
    } catch (error) {
      // The next beat tries again; if too many fail, the runs are lost and somebody else grades them.
      this.#options.log("warning", "heartbeat_failed", {
        error: String(error),
      });
    }
  }
}

function isSame(left: Attempt, right: Attempt): boolean {
  return left.submission === right.submission && left.attempt === right.attempt;
}
