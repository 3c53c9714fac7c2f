/** Pings the other nodes all the time, so that no client has to wait for an answer. */
import type { Context, Peer } from "@contract/system.ts";

const PING_EVERY_MS = 200;
const PING_MS_MAX = 2_000;
export const HEALTH_PATH = "/internal/health";

export interface NodeHealth {
  isAlive(node: string): Promise<boolean>;
}

export function nodeHealth({ peers, config, signal }: Context): NodeHealth {
  const dead = new Set<string>();

  async function watch(peer: Peer): Promise<void> {
    while (!signal.aborted) {
      if (await answers(peer)) dead.delete(peer.instance);
      else dead.add(peer.instance);
      await new Promise((resolve) => setTimeout(resolve, PING_EVERY_MS));
    }
  }

  if (config.cluster === true) peers.forEach(watch);
  return { isAlive: (node) => Promise.resolve(!dead.has(node)) };
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
