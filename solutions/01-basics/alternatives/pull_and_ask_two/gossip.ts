/** Pulls what each peer knows, whole, again and again. Nothing has to be remembered about what anybody has heard. */
import type { Context, Peer } from "@contract/system.ts";
import type { CounterParts, Part } from "./counter_parts.ts";

const PAUSE_MS = 100;
const DEADLINE_MS = 500;

export function startPulling(
  { peers, signal, log }: Context,
  parts: CounterParts,
): void {
  async function pull(peer: Peer): Promise<void> {
    const answer = await peer.fetch("/internal/counters", {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const heard: Part[] = await answer.json();
    if (heard.length > 0) await parts.merge(heard);
  }

  async function keepPulling(peer: Peer): Promise<void> {
    while (!signal.aborted) {
      await pull(peer).catch((error) =>
        log("peer is away", { peer: peer.instance, error: String(error) })
      );
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  for (const peer of peers) keepPulling(peer);
}
