/** Items in memory: values with lifetimes, at most `maxItems` of them. */
import type { Clock } from "@contract/system.ts";
import type { EvictionPolicy } from "./eviction.ts";

export interface Item {
  readonly value: Uint8Array;
  /** From this moment on the item is gone. */
  readonly expiresAtMs: number;
}

export interface ItemStoreOptions {
  readonly clock: Clock;
  readonly policy: EvictionPolicy;
  /** 0: as many as come. */
  readonly maxItems: number;
}

export class ItemStore {
  readonly #options: ItemStoreOptions;
  readonly #items = new Map<string, Item>();
  /** No item is due before this moment: most of the time nobody has to look. */
  #nextExpiryMs = Infinity;

  constructor(options: ItemStoreOptions) {
    this.#options = options;
  }

  /** Counts as a use. */
  read(key: string): Uint8Array | undefined {
    const item = this.find(key);
    if (item !== undefined) this.#options.policy.use(key);
    return item?.value;
  }

  /** Does not count as a use. */
  find(key: string): Item | undefined {
    const item = this.#items.get(key);
    if (item === undefined || item.expiresAtMs > this.#nowMs) return item;
    this.delete(key);
    return undefined;
  }

  /** Counts as a use. */
  write(key: string, value: Uint8Array, expiresAtMs = Infinity): void {
    if (this.find(key) === undefined) {
      this.#makeRoom();
      this.#options.policy.add(key);
    } else {
      this.#options.policy.use(key);
    }
    this.#items.set(key, { value, expiresAtMs });
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresAtMs);
  }

  /** False when there is no such item. */
  expire(key: string, expiresAtMs: number): boolean {
    const item = this.find(key);
    if (item === undefined) return false;
    this.#items.set(key, { ...item, expiresAtMs });
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresAtMs);
    return true;
  }

  delete(key: string): boolean {
    this.#options.policy.remove(key);
    return this.#items.delete(key);
  }

  get size(): number {
    this.#dropExpired();
    return this.#items.size;
  }

  keys(): string[] {
    this.#dropExpired();
    return [...this.#items.keys()];
  }

  #makeRoom(): void {
    const { maxItems, policy } = this.#options;
    if (maxItems === 0 || this.#items.size < maxItems) return;
    // What is gone anyway goes first; only then is a live item worth giving up.
    this.#dropExpired();
    while (this.#items.size >= maxItems) this.delete(policy.victim()!);
  }

  /** Looks at all items, but at most once for each moment at which one is due. */
  #dropExpired(): void {
    const nowMs = this.#nowMs;
    if (nowMs < this.#nextExpiryMs) return;
    this.#nextExpiryMs = Infinity;
    for (const [key, { expiresAtMs }] of this.#items) {
      if (expiresAtMs <= nowMs) this.delete(key);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresAtMs);
    }
  }

  get #nowMs(): number {
    return this.#options.clock.now();
  }
}
