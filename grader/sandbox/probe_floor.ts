import { join } from "node:path";
import { provisionBubblewrap, type ProvisionOptions } from "../stores/mod.ts";
import { classFloor, type ClassFloorParts } from "./class_floor.ts";
import { findOnPath } from "../stores/mod.ts";
import { DEFAULT_LIMITS } from "./limits/defaults.ts";
import { reachableDeno } from "./reachable_deno.ts";
import { sandboxFolder } from "./sandbox_folder.ts";
import { slotAccount } from "./slot_account.ts";

/** Whether other people's code may be run here. */
export interface FloorProbe {
  readonly isComplete: boolean;
  /** What is missing, each with the way to get it. */
  readonly missing: readonly string[];
}

/**
 * Tries the class floor by starting an empty program in it, and notes where its parts are. Fetches bubblewrap where
 * it is missing. Only after a complete probe does `startHost()` accept the class floor.
 */
export async function probeFloor(
  options: ProvisionOptions = {},
): Promise<FloorProbe> {
  const missing = await tryFloor(options);
  return { isComplete: missing.length === 0, missing };
}

let parts: ClassFloorParts | undefined;

/** The parts of the class floor as the last complete probe found them; throws when there was none. */
export function classFloorParts(): ClassFloorParts {
  return parts ??= readParts();
}

async function tryFloor(options: ProvisionOptions): Promise<string[]> {
  if (Deno.build.os !== "linux") {
    return [
      `Linux: the class sandbox is made of its namespaces; this is ${Deno.build.os}`,
    ];
  }
  const missing: string[] = [];
  const prlimit = findOnPath("prlimit");
  if (prlimit === undefined) {
    missing.push("prlimit: install the package util-linux");
  }
  const bubblewrap = await provisionBubblewrap(options).catch((error) => {
    missing.push(`bubblewrap: ${error.message}`);
  });
  if (prlimit === undefined || !bubblewrap) return missing;
  const found = { bubblewrap, prlimit };
  const problem = await startEmptyProgram(found);
  if (problem !== undefined) return [problem];
  await writeParts(found);
  return [];
}

/** What is in the way of the whole floor; undefined when the program ran and its limits held. */
async function startEmptyProgram(
  found: ClassFloorParts,
): Promise<string | undefined> {
  const ran = await runInside(found, DEFAULT_LIMITS.processesMax);
  if (!ran.success) return `Namespaces: ${await explain(ran.stderr)}`;
  const bounded = await runInside(found, 1);
  if (bounded.success) {
    return "A bound on processes: RLIMIT_NPROC does not hold inside the sandbox; Linux 5.14 or later is needed";
  }
}

async function runInside(
  found: ClassFloorParts,
  processesMax: number,
): Promise<{ success: boolean; stderr: string }> {
  const account = slotAccount();
  const { args: [program, ...args], env, uid, gid } = classFloor(
    {
      command: [reachableDeno(account), "eval", "--no-config", ""],
      limits: { ...DEFAULT_LIMITS, processesMax },
      folders: { readOnly: ["/usr/lib"], writable: [] },
      denoDir: "/",
    },
    found,
    account,
  );
  const { success, stderr } = await new Deno.Command(program!, {
    args,
    clearEnv: true,
    env: { ...env },
    uid,
    gid,
    cwd: "/",
    stdin: "null",
  }).output();
  return { success, stderr: new TextDecoder().decode(stderr).trim() };
}

async function explain(stderr: string): Promise<string> {
  const said = `bubblewrap said "${stderr.slice(0, 300)}"`;
  return /namespace|uid map|Operation not permitted|Permission/.test(stderr)
    ? `this system does not let ordinary processes make them. ${await wayToNamespaces()}. ${said}`
    : said;
}

/** Distributions forbid them by one of these switches. */
const SWITCHES = [
  ["kernel/apparmor_restrict_unprivileged_userns", "1", "0"],
  ["kernel/unprivileged_userns_clone", "0", "1"],
  ["user/max_user_namespaces", "0", "15000"],
] as const;

async function wayToNamespaces(): Promise<string> {
  for (const [path, forbidding, allowing] of SWITCHES) {
    const value = await Deno.readTextFile(`/proc/sys/${path}`).catch(() => "");
    if (value.trim() !== forbidding) continue;
    return `Run: sudo sysctl -w ${path.replaceAll("/", ".")}=${allowing}`;
  }
  return "In Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined";
}

function partsFile(): string {
  return join(sandboxFolder(), "class_floor.json");
}

async function writeParts(found: ClassFloorParts): Promise<void> {
  const file = partsFile();
  const draft = `${file}.${Deno.pid}`;
  await Deno.writeTextFile(draft, JSON.stringify(found));
  await Deno.rename(draft, file);
  parts = found;
}

function readParts(): ClassFloorParts {
  try {
    return JSON.parse(Deno.readTextFileSync(partsFile()));
  } catch (cause) {
    throw new Error(
      "The class sandbox was not found complete on this machine; run probeFloor() first",
      { cause },
    );
  }
}
