import type { RunningInstance } from "../instances/running_instance.ts";
import type { WireCounts } from "./types.ts";
import { countsBetween, toWireCounts } from "../wire/counts.ts";
import type { Proxy, ProxyCounts } from "../wire/types.ts";

/** Starts to count what crosses the wires of all instances; the returned function says how much it was. */
export function countWires(
  instances: readonly RunningInstance[],
): () => WireCounts {
  const started = new Map<Proxy, ProxyCounts>(
    instances.flatMap(({ wires }) => wires.all)
      .map((proxy) => [proxy, proxy.counts()]),
  );
  const since = (proxies: readonly (Proxy | undefined)[]) =>
    proxies.filter((proxy) => proxy !== undefined)
      .map((proxy) => countsBetween(started.get(proxy)!, proxy.counts()));

  return function countsSoFar(): WireCounts {
    const wires = instances.map((instance) => instance.wires);
    const upstreams = Object.keys(wires[0]?.upstreams ?? {}).map((name) =>
      [name, since(wires.map(({ upstreams }) => upstreams[name]))] as const
    );
    return toWireCounts({
      redis: since(wires.map(({ redis }) => redis)),
      postgres: since(
        wires.flatMap(({ postgres, shards }) => [
          postgres,
          ...Object.values(shards),
        ]),
      ),
      upstreams: Object.fromEntries(upstreams),
    });
  };
}
