/** Every backend that was ever named is remembered; the list says which of them are asked. */
import type { Context } from "@contract/system.ts";
import { Backend } from "./backend.ts";
import type { BackendEntry } from "./backend_list.ts";
import { Breaker } from "./breaker.ts";

export class Pool {
  readonly #known = new Map<string, Backend>();
  #listed: readonly string[] = [];

  constructor(
    { upstreams, config, clock }: Pick<
      Context,
      "upstreams" | "config" | "clock"
    >,
  ) {
    const limits = {
      failures: Number(config.breakerFailures),
      openMs: Number(config.breakerOpenSec) * 1000,
    };
    for (const [id, upstream] of Object.entries(upstreams)) {
      const breaker = new Breaker(limits, clock);
      this.#known.set(id, new Backend(id, upstream, breaker));
    }
  }

  get all(): readonly Backend[] {
    return this.#listed.map((id) => this.#known.get(id)!);
  }

  get ready(): readonly Backend[] {
    return this.all.filter(({ isUp, breaker }) => isUp && breaker.admits);
  }

  get draining(): readonly Backend[] {
    return [...this.#known.values()]
      .filter(({ id, inFlight }) => inFlight && !this.#listed.includes(id));
  }

  replace(entries: readonly BackendEntry[]): void {
    for (const { id, weight } of entries) this.#known.get(id)!.weight = weight;
    this.#listed = entries.map(({ id }) => id);
    for (const [id, { http }] of this.#known) {
      http.setKeeping(this.#listed.includes(id));
    }
  }
}
