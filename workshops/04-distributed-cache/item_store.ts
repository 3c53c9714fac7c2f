/** Items in memory: values with lifetimes, at most `maxItems` of them. */
import type { Clock } from "@contract/system.ts";
import type { EvictionPolicy } from "./eviction.ts";

export interface Item {
  readonly value: Uint8Array;
  /** From this moment on the item is gone; `Infinity` without a lifetime. */
  readonly expiresAtMs: number;
}

export interface ItemStoreOptions {
  readonly clock: Clock;
  /** Who has to go when a new item comes and the store is full (04.2). */
  readonly policy: EvictionPolicy;
  /** 0: as many as come. */
  readonly maxItems: number;
}

export class ItemStore {
  constructor(_options: ItemStoreOptions) {
    // TODO 04.1
  }

  /** Counts as a use. */
  read(_key: string): Uint8Array | undefined {
    return undefined;
  }

  /** Does not count as a use. */
  find(_key: string): Item | undefined {
    return undefined;
  }

  /** Counts as a use. */
  write(_key: string, _value: Uint8Array, _expiresAtMs = Infinity): void {
  }

  /** False when there is no such item. */
  expire(_key: string, _expiresAtMs: number): boolean {
    return false;
  }

  delete(_key: string): boolean {
    return false;
  }

  get size(): number {
    return 0;
  }

  keys(): string[] {
    return [];
  }
}
