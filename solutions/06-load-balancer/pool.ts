/** The backends that this instance balances over. */
import type { Context } from "@contract/system.ts";
import { Backend } from "./backend.ts";
import type { BackendEntry } from "./backend_list.ts";
import { Breaker } from "./breaker.ts";

export class Pool {
  #backends: readonly Backend[] = [];
  #removed: readonly Backend[] = [];

  constructor(
    readonly context: Pick<Context, "upstreams" | "config" | "clock">,
  ) {}

  get all(): readonly Backend[] {
    return this.#backends;
  }

  /** Those that may be asked. */
  get ready(): readonly Backend[] {
    return this.#backends.filter(({ isUp, breaker }) => isUp && breaker.admits);
  }

  /** Those that were taken out of the list and still have something under way: not to be switched off yet. */
  get draining(): readonly Backend[] {
    return this.#removed.filter(({ inFlight }) => inFlight > 0);
  }

  /** Who stays or comes back keeps its requests under way and its health: the list is no news about them. */
  replace(entries: readonly BackendEntry[]): void {
    const known = [...this.draining, ...this.#backends];
    const before = new Map(known.map((one) => [one.id, one]));
    this.#backends = entries.map(({ id, weight }) => {
      const backend = before.get(id) ?? this.#meet(id);
      backend.weight = weight;
      backend.http.setKeeping(true);
      before.delete(id);
      return backend;
    });
    this.#removed = [...before.values()];
    for (const { http } of this.#removed) http.setKeeping(false);
  }

  #meet(id: string): Backend {
    const { upstreams, config, clock } = this.context;
    const breaker = new Breaker({
      failures: Number(config.breakerFailures),
      openMs: Number(config.breakerOpenSec) * 1000,
    }, clock);
    return new Backend(id, upstreams[id]!, breaker);
  }
}
