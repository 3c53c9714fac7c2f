/** Every backend that was ever named is remembered; the list says which of them are asked. */
import type { Context } from "@contract/system.ts";
import { Backend } from "./backend.ts";
import type { BackendEntry } from "./backend_list.ts";

export class Pool {
  readonly #known = new Map<string, Backend>();
  #listed: readonly string[] = [];

  constructor(readonly upstreams: Context["upstreams"]) {
    for (const [id, upstream] of Object.entries(upstreams)) {
      this.#known.set(id, new Backend(id, 1, upstream));
    }
  }

  get all(): readonly Backend[] {
    return this.#listed.map((id) => this.#known.get(id)!);
  }

  get ready(): readonly Backend[] {
    return this.all.filter(({ isUp }) => isUp);
  }

  replace(entries: readonly BackendEntry[]): void {
    for (const { id, weight } of entries) this.#known.get(id)!.weight = weight;
    this.#listed = entries.map(({ id }) => id);
  }
}
