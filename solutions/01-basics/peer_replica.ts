import type { Peer } from "@contract/system.ts";
import type { Replica } from "./replica.ts";

/** A peer's copy of the registers, over the network. A peer that does not answer in time has not answered. */
export function peerReplica(peer: Peer, deadlineMs: number): Replica {
  async function ask(id: string, init: RequestInit): Promise<Response> {
    const answer = await peer.fetch(`/internal/registers/${id}`, {
      ...init,
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (answer.ok) return answer;
    throw new Error(`${peer.instance} answered ${answer.status}`);
  }
  return {
    async read(id) {
      const answer = await ask(id, { method: "GET" });
      return await answer.json() ?? undefined;
    },
    async store(id, stored) {
      await ask(id, { method: "PUT", body: JSON.stringify(stored) });
    },
  };
}
