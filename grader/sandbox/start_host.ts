import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { classFloor } from "./class_floor.ts";
import { escapingLink } from "./escaping_link.ts";
import type { FloorCommand, FloorOptions } from "./floor_command.ts";
import {
  giveFolders,
  giveSocket,
  refuseSpecialFolders,
} from "./host_folders.ts";
import { removeFolder } from "../stores/mod.ts";
import { prepareSockets } from "./host_sockets.ts";
import { classFloorParts } from "./probe_floor.ts";
import { reachableDeno } from "./reachable_deno.ts";
import { type Account, slotAccount } from "./slot_account.ts";
import { HostProcess } from "./host_process.ts";
import { DEFAULT_LIMITS } from "./limits/defaults.ts";
import { buildHostBundle } from "./host_bundle.ts";
import { denoCommand } from "./deno_command.ts";
import { listenForHost } from "./control_socket.ts";
import { localFloor } from "./local_floor.ts";
import type { Host, HostLimits, HostOptions } from "./types.ts";

let hostsStarted = 0;

/** Starts a process that can host one instance; it imports its drivers and waits for `load()`. */
export function startHost(options: HostOptions): Host {
  refuseSpecialFolders(options);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const account = options.floor === "class" ? slotAccount() : undefined;
  const number = `${Deno.pid}-${hostsStarted++}`;
  const controlSocket = join(options.instanceDir, `control-${number}.sock`);
  const denoDir = join(options.instanceDir, `deno-${number}`);
  const submissionDir = Deno.realPathSync(options.submissionDir);
  const folders = { ...options, submissionDir };
  const names = { controlSocket, denoDir, limits, account };
  const command = floorCommand(folders, names);
  if (account !== undefined) giveFolders(folders, account);
  makeDenoDir(denoDir, account);
  const control = listenForHost(controlSocket);
  if (account !== undefined) giveSocket(controlSocket, account);
  const child = spawn(command, submissionDir);
  return new HostProcess({
    child,
    control,
    limits,
    shorten: (line) => shortenLine(line, submissionDir),
    writtenDirs: [options.dataDir, denoDir],
    prepare(init) {
      prepareSockets(init, options, account);
      return escapingLink(submissionDir);
    },
    cleanUp: () => removeFolder(denoDir),
  });
}

function floorCommand(
  options: HostOptions,
  { controlSocket, denoDir, limits, account }: {
    readonly controlSocket: string;
    readonly denoDir: string;
    readonly limits: HostLimits;
    readonly account: Account | undefined;
  },
): FloorCommand {
  const { submissionDir, instanceDir, dataDir } = options;
  const bundle = buildHostBundle();
  const deno = reachableDeno(account);
  const floor: FloorOptions = {
    command: denoCommand(options, { deno, bundle, controlSocket, limits }),
    limits,
    folders: {
      readOnly: [submissionDir, bundle.dir],
      writable: [instanceDir, dataDir],
    },
    denoDir,
  };
  return options.floor === "local"
    ? localFloor(floor)
    : classFloor(floor, classFloorParts(), account);
}

function makeDenoDir(denoDir: string, account: Account | undefined): void {
  const { warmCache } = buildHostBundle();
  Deno.mkdirSync(denoDir, { mode: 0o700 });
  for (const { name, isFile } of Deno.readDirSync(warmCache)) {
    if (!isFile) continue;
    Deno.copyFileSync(join(warmCache, name), join(denoDir, name));
    if (account) Deno.chownSync(join(denoDir, name), account.uid, account.gid);
  }
  if (account) Deno.chownSync(denoDir, account.uid, account.gid);
}

function spawn(
  { args: [program, ...args], env, uid, gid }: FloorCommand,
  cwd: string,
): Deno.ChildProcess {
  return new Deno.Command(program!, {
    args,
    clearEnv: true,
    env: { ...env },
    uid,
    gid,
    cwd,
    // Ctrl-C in the terminal is for the parent, which then ends its hosts in its own order.
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Stack traces name files by URL: the learner's own are shown as they were submitted, ours without where they lie.
 * Deno's advice to run again with more rights is not for a sandbox.
 */
function shortenLine(line: string, submissionDir: string): string {
  const urlOf = (folder: string) => pathToFileURL(`${folder}/`).href;
  return line.replaceAll(urlOf(submissionDir), "")
    .replaceAll(urlOf(buildHostBundle().dir), "trestle/")
    .replace(/, run again with the --allow-\w+ flag/, "");
}
