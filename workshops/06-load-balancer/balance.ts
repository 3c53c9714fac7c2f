/** Which backend gets the next request. */
import type { Context } from "@contract/system.ts";
import type { Backend } from "./backend.ts";
import { consistentHash } from "./consistent_hash.ts";
import { leastConnections, powerOfTwo } from "./least_connections.ts";
import { roundRobin } from "./round_robin.ts";

/** Chooses one of `ready`, which is never empty, for a request of this user ("" is one as well). */
export type Balance = (ready: readonly Backend[], user: string) => Backend;

export function openBalance({ config, clock }: Context): Balance {
  const slowStartMs = Number(config.slowStartSec) * 1000;
  const algorithms: Readonly<Record<string, () => Balance>> = {
    round_robin: () =>
      roundRobin((backend) => backend.weightAt(clock.now(), slowStartMs)),
    least_connections: leastConnections,
    power_of_two: powerOfTwo,
    consistent_hash: consistentHash,
  };
  const open = algorithms[String(config.balance)];
  if (open) return open();
  throw new RangeError(`config.balance is ${config.balance}`);
}
