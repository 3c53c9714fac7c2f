import { type LabPlace, type OpenLab, openLab } from "../open_lab.ts";
import { explainFullDisk } from "../../stores/mod.ts";
import type { RegisteredCheck } from "./run_check.ts";
import { seedOfAttempt } from "../random.ts";

/** Processes that wait for their check; each takes 60 MB and starts in 0.2 s of processor time. */
const HOSTS_AHEAD_MAX = 4;

/** Makes labs ready before their checks begin, and closes them after, while the next check runs. */
export class LabBench implements AsyncDisposable {
  readonly #place: LabPlace;
  readonly #seed: string;
  readonly #ready = new Map<string, Promise<OpenLab>>();
  readonly #closing = new Set<Promise<void>>();

  constructor({ place, seed }: {
    readonly place: LabPlace;
    readonly seed: string;
  }) {
    this.#place = place;
    this.#seed = seed;
  }

  /** Prepares the first of `checks`, and more as long as few processes wait. */
  prepare(checks: readonly RegisteredCheck[]): void {
    let hosts = 0;
    for (const check of checks) {
      hosts += check.options.instances ?? 1;
      if (hosts > HOSTS_AHEAD_MAX && this.#ready.size > 0) return;
      if (this.#ready.has(check.id)) continue;
      const opening = this.#open(check, seedOfAttempt(this.#seed, 1));
      opening.catch(() => {}); // Whoever takes it hears of it.
      this.#ready.set(check.id, opening);
    }
  }

  /** Loads the code into a prepared lab: the code must not change any more. */
  boot({ id }: RegisteredCheck): void {
    const booting = this.#ready.get(id)?.then((lab) => lab.boot());
    booting?.catch(() => {}); // Whoever takes it boots again and hears of it.
  }

  /** A lab for one try: the prepared one if this is the first. */
  take(check: RegisteredCheck, seed: string): Promise<OpenLab> {
    const ready = this.#ready.get(check.id);
    this.#ready.delete(check.id);
    return ready ?? this.#open(check, seed);
  }

  retire(lab: OpenLab): void {
    const closing = close(lab).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const unused = await Promise.allSettled(this.#ready.values());
    this.#ready.clear();
    for (const opening of unused) {
      if (opening.status === "fulfilled") this.retire(opening.value);
    }
    await Promise.all(this.#closing);
  }

  #open({ id, options }: RegisteredCheck, seed: string): Promise<OpenLab> {
    const place = this.#place;
    return openLab(options, { place, seed: `${seed}/${id}` })
      .catch((error) => {
        throw explainFullDisk(error, place.runDir);
      });
  }
}

async function close(lab: OpenLab): Promise<void> {
  await lab[Symbol.asyncDispose]();
}
