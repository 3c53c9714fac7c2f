/** What the contract says about eviction, in the plainest way: look at all items, each time. */

export interface ModelOptions {
  readonly policy: "lru" | "lfu";
  readonly maxItems: number;
  readonly decayMs: number;
}

interface ModelItem {
  count: number;
  usedAt: number;
  expiresAtMs: number;
}

export class EvictionModel {
  readonly #options: ModelOptions;
  readonly #items = new Map<string, ModelItem>();
  #nowMs: number;
  #uses = 0;

  constructor(nowMs: number, options: ModelOptions) {
    this.#nowMs = nowMs;
    this.#options = options;
  }

  get keys(): string[] {
    return [...this.#items.keys()].sort();
  }

  set(key: string, lifetimeMs = Infinity): void {
    if (!this.#items.has(key)) this.#makeRoom();
    this.#use(key, this.#nowMs + lifetimeMs);
  }

  get(key: string): boolean {
    const item = this.#items.get(key);
    if (item) this.#use(key, item.expiresAtMs);
    return item !== undefined;
  }

  delete(key: string): boolean {
    return this.#items.delete(key);
  }

  advance(stepMs: number): void {
    const periods = Math.floor((this.#nowMs + stepMs) / this.#options.decayMs) -
      Math.floor(this.#nowMs / this.#options.decayMs);
    this.#nowMs += stepMs;
    for (const [key, item] of this.#items) {
      for (let half = 0; half < periods; half++) {
        item.count = Math.floor(item.count / 2);
      }
      if (item.expiresAtMs <= this.#nowMs) this.#items.delete(key);
    }
  }

  #use(key: string, expiresAtMs: number): void {
    const count = (this.#items.get(key)?.count ?? 0) + 1;
    this.#items.set(key, { count, usedAt: this.#uses++, expiresAtMs });
  }

  #makeRoom(): void {
    const { policy, maxItems } = this.#options;
    if (this.#items.size < maxItems) return;
    const [[victim]] = [...this.#items].sort(([, a], [, b]) =>
      (policy === "lfu" ? a.count - b.count : 0) || a.usedAt - b.usedAt
    ) as [[string, ModelItem]];
    this.#items.delete(victim);
  }
}
