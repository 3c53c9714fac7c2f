import { probeDeno } from "./probe_deno.ts";
import {
  probeDisk,
  probeMemory,
  probeRunFolder,
  probeWatching,
} from "./probe_machine.ts";
import { probePostgres, probeRedis } from "./probe_stores.ts";
import type { Probe } from "./types.ts";

/** Looks at one thing of this machine by doing what a run will do. */
type LookAtMachine = () => Probe | Promise<Probe>;

/** From what everything needs to what only some need. */
export const PROBES: readonly LookAtMachine[] = [
  () => probeDeno(),
  probeDisk,
  probeMemory,
  probeRunFolder,
  probePostgres,
  probeRedis,
  () => probeWatching(),
];
