/** What one node knows of the cluster: who serves which slot, and which slots are on their way. */
import type { Context } from "@contract/system.ts";

export class SlotMap {
  readonly me: string;
  readonly nodes: readonly string[];
  /** Slots that leave this node, and where to. */
  readonly migrating = new Map<number, string>();
  /** Slots that come to this node, and where from. */
  readonly importing = new Map<number, string>();

  constructor({ instance, peers }: Context) {
    this.me = instance;
    this.nodes = [instance, ...peers.map((peer) => peer.instance)].sort();
  }

  ownerOf(_slot: number): string {
    // TODO 04.3
    return this.me;
  }

  /** Ends a migration, on whichever node it is said. */
  assign(_slot: number, _node: string): void {
    // TODO 04.3
  }
}
