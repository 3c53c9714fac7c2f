import type { Fault, FaultTarget } from "./types.ts";
import type { RunningInstance } from "../instances/running_instance.ts";
import type { Proxy } from "../wire/types.ts";
import type { Evidence } from "../evidence/evidence.ts";

/** One fault over several proxies. */
export function beginFault(
  proxies: readonly Proxy[],
  options: FaultOptions,
): Fault {
  const { evidence, name, begin } = options;
  const faults = proxies.map(begin);
  evidence.note("fault", `${name} begins`);
  let isHealed = false;
  const heal = () => {
    if (isHealed) return;
    isHealed = true;
    for (const fault of faults) fault.heal();
    evidence.note("fault", `${name} healed`);
  };
  return {
    get hits() {
      return faults.reduce((sum, { hits }) => sum + hits, 0);
    },
    heal,
    [Symbol.dispose]: heal,
  };
}

export interface FaultOptions {
  readonly evidence: Evidence;
  /** "cut of redis" */
  readonly name: string;
  readonly begin: (proxy: Proxy) => Fault;
}

/** The proxies on the way from one instance, or all, to the target. Throws when the system has no such thing. */
export function proxiesTo(
  target: FaultTarget,
  instances: readonly RunningInstance[],
): Proxy[] {
  const from = target.instance === undefined
    ? instances
    : instances.filter(({ name }) => name === target.instance!.name);
  const proxies = from.flatMap(({ wires }) => {
    const { store, shard, peer, upstream } = target;
    return [
      store && wires[store],
      shard && wires.shards[shard],
      peer && wires.peers[peer],
      upstream && wires.upstreams[upstream],
    ].filter((proxy) => typeof proxy === "object");
  });
  if (proxies.length > 0) return proxies;
  throw new RangeError(
    `This check's system has nothing on the way to ${nameOfTarget(target)}`,
  );
}

/** "redis", "redis, from A", "the upstream bank" */
export function nameOfTarget(target: FaultTarget): string {
  const { store, shard, peer, upstream, instance } = target;
  const names = [
    store,
    shard && `shard ${shard}`,
    peer && `peer ${peer}`,
    upstream && `upstream ${upstream}`,
  ].filter((name) => name !== undefined);
  const from = instance === undefined ? "" : `, from ${instance.name}`;
  return names.length === 0 ? "nothing" : names.join(" and ") + from;
}
