/** 01.6: tells each peer of every counter that has changed here, again and again until it has heard it. */
import type { Context, Peer } from "@contract/system.ts";
import type { CounterParts } from "./counter_parts.ts";

const PAUSE_MS = 50;
const DEADLINE_MS = 500;
/** Counters in one message. */
const IDS_MAX = 200;

export interface Gossip {
  /** These have changed. */
  tell(ids: readonly string[]): void;
}

export function openGossip(
  { peers, signal }: Context,
  parts: CounterParts,
): Gossip {
  const unheard = new Map(peers.map((peer) => [peer, new Set<string>()]));

  async function tellPeer(peer: Peer): Promise<void> {
    const waiting = unheard.get(peer)!;
    const ids = [...waiting].slice(0, IDS_MAX);
    if (ids.length === 0) return;
    // Forgotten before they are read: a change from here on is told again.
    for (const id of ids) waiting.delete(id);
    try {
      const answer = await peer.fetch("/internal/counters", {
        method: "POST",
        body: JSON.stringify(await parts.of(ids)),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
    } catch {
      // Away, or it may have heard and could not say so: hearing it twice changes nothing.
      for (const id of ids) waiting.add(id);
    }
  }

  async function talk(peer: Peer): Promise<void> {
    while (!signal.aborted) {
      await tellPeer(peer);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  for (const peer of peers) talk(peer);

  return {
    tell(ids) {
      for (const waiting of unheard.values()) {
        for (const id of ids) waiting.add(id);
      }
    },
  };
}
