/** Whether another node answers. Asked when a client is about to be sent there: a dead end helps nobody. */
import type { Context, Peer } from "@contract/system.ts";

/** Real time: how long an answer is believed, and how long one is waited for. */
const BELIEVED_MS = 200;
const PING_MS_MAX = 2_000;
export const HEALTH_PATH = "/internal/health";

export interface NodeHealth {
  isAlive(node: string): Promise<boolean>;
}

export function nodeHealth({ peers }: Context): NodeHealth {
  const known = new Map<string, { atMs: number; alive: Promise<boolean> }>();
  return {
    isAlive(node) {
      const last = known.get(node);
      const nowMs = performance.now();
      if (last && nowMs - last.atMs < BELIEVED_MS) return last.alive;
      const peer = peers.find(({ instance }) => instance === node);
      const alive = peer ? answers(peer) : Promise.resolve(false);
      known.set(node, { atMs: nowMs, alive });
      return alive;
    },
  };
}

async function answers(peer: Peer): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PING_MS_MAX);
    const answer = await peer.fetch(HEALTH_PATH, { signal });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false; // Refused, cut off, or silent: for a client it is all the same.
  }
}
