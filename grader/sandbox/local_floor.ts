import { findOnPath } from "../stores/mod.ts";
import type { FloorCommand, FloorOptions } from "./floor_command.ts";
import { cpuOption } from "./limits/cpu.ts";
import { dataOption } from "./limits/data.ts";
import { fileSizeOption } from "./limits/file_size.ts";

/**
 * For one's own code on one's own machine: Deno's permissions, and the kernel's limits where there is prlimit(1).
 * Not the number of processes: Linux would count everything else that the user runs.
 */
export function localFloor(
  { command, limits, denoDir }: FloorOptions,
): FloorCommand {
  return {
    args: [...endWithParent(), ...rlimits(limits), ...command],
    env: { DENO_DIR: denoDir, HOME: denoDir, NO_COLOR: "1", TZ: "UTC" },
  };
}

/** A loop that never ends would not see the control socket close; the kernel does not ask it. */
function endWithParent(): string[] {
  const setpriv = Deno.build.os === "linux" ? findOnPath("setpriv") : undefined;
  return setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL"];
}

function rlimits(limits: FloorOptions["limits"]): string[] {
  const prlimit = findOnPath("prlimit");
  if (prlimit === undefined) return [];
  return [
    prlimit,
    dataOption(limits.dataBytesMax),
    fileSizeOption(limits.fileBytesMax),
    cpuOption(limits.cpuSecondsMax),
    "--core=0",
    "--",
  ];
}
