import type { RunningInstance } from "../instances/running_instance.ts";
import type { Proxy } from "../wire/types.ts";

/**
 * The peer proxies between instances of different groups, both ways. Throws when an instance is in no group or in
 * two: a partition that forgets one would prove less than it seems to.
 */
export function proxiesAcross(
  groups: readonly (readonly string[])[],
  instances: readonly RunningInstance[],
): Proxy[] {
  const grouped = groups.flat().sort();
  const all = instances.map(({ name }) => name).sort();
  if (grouped.join() !== all.join() || groups.length < 2) {
    throw new RangeError(
      `A partition needs two groups or more with each of ${all} in one of them, ` +
        `not ${groups.map((group) => `[${group}]`).join(" and ")}`,
    );
  }
  const groupOf = (name: string) =>
    groups.findIndex((group) => group.includes(name));
  return instances.flatMap(({ name, wires }) =>
    Object.entries(wires.peers)
      .filter(([peer]) => groupOf(peer) !== groupOf(name))
      .map(([, proxy]) => proxy)
  );
}
