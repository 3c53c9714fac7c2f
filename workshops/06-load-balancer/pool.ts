/** The backends that this instance balances over. */
import type { Context } from "@contract/system.ts";
import { Backend } from "./backend.ts";
import type { BackendEntry } from "./backend_list.ts";

export class Pool {
  #backends: readonly Backend[] = [];

  constructor(readonly upstreams: Context["upstreams"]) {}

  get all(): readonly Backend[] {
    return this.#backends;
  }

  /** Those that may be asked. */
  get ready(): readonly Backend[] {
    return this.#backends.filter(({ isUp }) => isUp);
  }

  /** Who stays keeps its requests under way and its health: an edit elsewhere in the list is no news about it. */
  replace(entries: readonly BackendEntry[]): void {
    const before = new Map(this.#backends.map((one) => [one.id, one]));
    this.#backends = entries.map(({ id, weight }) => {
      const backend = before.get(id) ??
        new Backend(id, weight, this.upstreams[id]!);
      backend.weight = weight;
      return backend;
    });
  }
}
