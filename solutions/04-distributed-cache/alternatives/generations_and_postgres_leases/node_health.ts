/** Believes what was last known and asks behind the client's back: nobody waits, and the next client knows more. */
import type { Context, Peer } from "@contract/system.ts";

const PING_MS_MAX = 2_000;
export const HEALTH_PATH = "/internal/health";

export interface NodeHealth {
  isAlive(node: string): Promise<boolean>;
}

export function nodeHealth({ peers }: Context): NodeHealth {
  const suspects = new Set<string>();
  const asked = new Set<Peer>();

  async function look(peer: Peer): Promise<void> {
    if (asked.has(peer)) return;
    asked.add(peer);
    if (await answers(peer)) suspects.delete(peer.instance);
    else suspects.add(peer.instance);
    asked.delete(peer);
  }

  return {
    isAlive(node) {
      peers.filter(({ instance }) => instance === node).forEach(look);
      return Promise.resolve(!suspects.has(node));
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
    return false;
  }
}
