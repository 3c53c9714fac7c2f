import { probeDeno } from "./probe_deno.ts";
import {
  probeDisk,
  probeMemory,
  probeRunFolder,
  probeWatching,
} from "./probe_machine.ts";
import { probeBubblewrap, probeLimits } from "./probe_sandbox.ts";
import { probePostgres, probeRedis } from "./probe_stores.ts";
import type { Probe } from "./types.ts";

/** From what everything needs to what only some need. */
const PROBES: readonly (() => Probe | Promise<Probe>)[] = [
  () => probeDeno(),
  probeDisk,
  probeMemory,
  probeRunFolder,
  probePostgres,
  probeRedis,
  probeBubblewrap,
  probeLimits,
  () => probeWatching(),
];

/** Looks at this machine, thing by thing, by doing what a run will do; `onProbe` hears each result at once. */
export async function runProbes(
  onProbe: (probe: Probe) => void = () => {},
): Promise<Probe[]> {
  const results: Probe[] = [];
  for (const probe of PROBES) {
    const result = await probe();
    onProbe(result);
    results.push(result);
  }
  return results;
}
