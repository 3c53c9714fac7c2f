/** The backends that this instance balances over. */
import type { Context } from "@contract/system.ts";
import { Backend } from "./backend.ts";
import type { BackendEntry } from "./backend_list.ts";
import { Breaker } from "./breaker.ts";

export class Pool {
  #backends: readonly Backend[] = [];

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

  /** Those that were taken out of the list and still have something under way. */
  get draining(): readonly Backend[] {
    // TODO 06.7: remember them in replace(), and take them back when they return.
    return [];
  }

  /** Who stays keeps its requests under way and its health: an edit elsewhere in the list is no news about it. */
  replace(entries: readonly BackendEntry[]): void {
    const before = new Map(this.#backends.map((one) => [one.id, one]));
    this.#backends = entries.map(({ id, weight }) => {
      const backend = before.get(id) ?? this.#meet(id);
      backend.weight = weight;
      return backend;
    });
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
