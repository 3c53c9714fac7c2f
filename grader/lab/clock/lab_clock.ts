import { writeClockFile } from "../../sandbox/mod.ts";
import { throwIfScopeEnded } from "../expect/call_scope.ts";
import { Inconclusive } from "../expect/check_failure.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { setRedisClock, stepRedisClock } from "./redis_clock.ts";
import { databasesOf, type RunStores } from "../instances/run_stores.ts";
import type { Instance, LabClock } from "../types.ts";
import type { Proxy } from "../wire/types.ts";

const MINUTE_MS = 60_000;
/** Lifetimes in Redis run out in real time between two steps: so much of the shortest may pass unnoticed. */
const REAL_SHARE_MAX = 0.1;

export interface VirtualClockOptions {
  readonly stores: RunStores;
  readonly evidence: Evidence;
  /** Clock file of each instance, by name. */
  readonly clockFiles: Readonly<Record<string, string>>;
  /** Between the instances and the stores. */
  readonly wires: readonly Proxy[];
}

/** The one clock of a system: processes, Postgres and Redis, stepped together. */
export class VirtualClock implements LabClock {
  readonly #options: VirtualClockOptions;
  readonly #offsets = new Map<string, number>();
  #nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  #steppedAtMs = performance.now();
  #closestMs = Infinity;

  constructor(options: VirtualClockOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Gives every part the time at which the check begins. */
  async start(): Promise<void> {
    this.#steppedAtMs = performance.now();
    this.#setInstances();
    await Promise.all([this.restartRedis(), this.#setPostgres()]);
  }

  /** Redis came back empty: it needs the time again. */
  async restartRedis(): Promise<void> {
    const { redis } = this.#options.stores;
    if (redis) await setRedisClock(redis.admin, this.#nowMs);
  }

  async advance(stepMs: number): Promise<void> {
    throwIfScopeEnded();
    if (!Number.isSafeInteger(stepMs) || stepMs < 0) {
      throw new RangeError(
        `The clock advances by whole milliseconds of 0 or more, not ${stepMs}`,
      );
    }
    await this.#stepEverything(stepMs);
    throwIfScopeEnded();
  }

  skew(instance: Instance, offsetMs: number): void {
    this.#offsets.set(instance.name, offsetMs);
    this.#setInstances();
    this.#options.evidence.note(
      "clock",
      `off by ${offsetMs} ms`,
      instance.name,
    );
  }

  /** The machine was so slow since the last step that a key may be gone which should still be there. */
  get hasDrifted(): boolean {
    return performance.now() - this.#steppedAtMs > this.#closestMs;
  }

  /** Nobody sees one store's new time by an older clock: nothing passes until all have it. */
  async #stepEverything(stepMs: number): Promise<void> {
    using stillness = new DisposableStack();
    for (const wire of this.#options.wires) stillness.use(wire.standStill());
    this.#nowMs += stepMs;
    await this.#stepRedis(stepMs);
    await this.#setPostgres();
    this.#setInstances();
    this.#options.evidence.note("clock", `+${stepMs} ms`);
  }

  async #stepRedis(stepMs: number): Promise<void> {
    const { redis } = this.#options.stores;
    if (!redis) return;
    const realMs = performance.now() - this.#steppedAtMs;
    const { shortestMs, closestMs } = await stepRedisClock(redis.admin, {
      stepMs,
      timeMs: this.#nowMs,
    });
    this.#steppedAtMs = performance.now();
    this.#closestMs = closestMs;
    if (realMs > REAL_SHARE_MAX * (shortestMs + realMs)) {
      throw new Inconclusive(
        `${
          Math.round(realMs)
        } ms of real time passed between two steps of the clock, ` +
          `too much beside a lifetime of ${
            Math.round(shortestMs + realMs)
          } ms in Redis`,
      );
    }
  }

  async #setPostgres(): Promise<void> {
    const { stores } = this.#options;
    const all = [...databasesOf(stores), ...Object.values(stores.shards)];
    const now = new Date(this.#nowMs);
    await Promise.all(
      all.map(({ admin }) => admin`UPDATE kit.clock SET at = ${now}`),
    );
  }

  #setInstances(): void {
    for (const [name, path] of Object.entries(this.#options.clockFiles)) {
      writeClockFile(path, this.#nowMs + (this.#offsets.get(name) ?? 0));
    }
  }
}
