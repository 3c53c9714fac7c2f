/** What one node knows of the cluster: who serves which slot, and which slots are on their way. */
import type { Context } from "@contract/system.ts";
import { SLOTS } from "./slots.ts";

export class SlotMap {
  readonly me: string;
  readonly nodes: readonly string[];
  /** Slots that leave this node, and where to. */
  readonly migrating = new Map<number, string>();
  /** Slots that come to this node, and where from. */
  readonly importing = new Map<number, string>();
  readonly #owners: string[];

  constructor({ instance, peers }: Context) {
    this.me = instance;
    this.nodes = [instance, ...peers.map((peer) => peer.instance)].sort();
    this.#owners = Array.from(
      { length: SLOTS },
      (_, slot) => this.nodes[Math.floor(slot * this.nodes.length / SLOTS)]!,
    );
  }

  ownerOf(slot: number): string {
    return this.#owners[slot]!;
  }

  /** Ends a migration, on whichever node it is said. */
  assign(slot: number, node: string): void {
    this.#owners[slot] = node;
    this.settle(slot);
  }

  /** The slot is neither leaving nor coming any more. */
  settle(slot: number): void {
    this.migrating.delete(slot);
    this.importing.delete(slot);
  }

  /** Slots next to each other that have the same owner. */
  ranges(): { first: number; last: number; node: string }[] {
    const ranges: { first: number; last: number; node: string }[] = [];
    this.#owners.forEach((node, slot) => {
      const range = ranges.at(-1);
      if (range?.node === node) range.last = slot;
      else ranges.push({ first: slot, last: slot, node });
    });
    return ranges;
  }
}
