import { existsSync } from "node:fs";
import { join } from "node:path";
import { HostProcess } from "./host_process.ts";
import { DEFAULT_LIMITS } from "./limits/defaults.ts";
import { buildHostBundle } from "./host_bundle.ts";
import { denoCommand } from "./deno_command.ts";
import { listenForHost } from "./control_socket.ts";
import { localFloor } from "./local_floor.ts";
import {
  DEFAULT_SOCKETS,
  type Host,
  type HostInit,
  type HostOptions,
} from "./types.ts";

let hostsStarted = 0;

/** Starts a process that can host one instance; it imports its drivers and waits for `load()`. */
export function startHost(options: HostOptions): Host {
  refuseSpecialFolders(options);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const number = `${Deno.pid}-${hostsStarted++}`;
  const controlSocket = join(options.instanceDir, `control-${number}.sock`);
  const submissionDir = Deno.realPathSync(options.submissionDir);
  const control = listenForHost(controlSocket);
  const command = denoCommand({ ...options, submissionDir }, {
    deno: Deno.execPath(),
    bundle: buildHostBundle(),
    controlSocket,
    limits,
  });
  const denoDir = join(options.instanceDir, `deno-${number}`);
  const { args: [program, ...args], env } = localFloor({
    command,
    limits,
    denoDir,
  });
  const child = new Deno.Command(program!, {
    args,
    clearEnv: true,
    env,
    cwd: submissionDir,
    // Ctrl-C in the terminal is for the parent, which then ends its hosts in its own order.
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return new HostProcess({
    child,
    control,
    limits,
    prepare: (init) => prepareSockets(init, options),
    cleanUp: () => removeIfThere(denoDir),
  });
}

/** Deno gives nothing below these but to a process that may do everything. */
function refuseSpecialFolders(options: HostOptions): void {
  const { submissionDir, instanceDir, dataDir } = options;
  for (const folder of [submissionDir, instanceDir, dataDir]) {
    if (!/^\/(dev|proc|sys)\//.test(folder)) continue;
    throw new RangeError(
      `A sandboxed process cannot be given ${folder}: Deno keeps /dev, /proc and /sys closed. ` +
        "Use a folder below TMPDIR",
    );
  }
}

/** A socket file that a killed process left behind would be in the way of the next one. */
function prepareSockets(init: HostInit, options: HostOptions): void {
  const { instanceDir, sockets = DEFAULT_SOCKETS } = options;
  const allowed = new Set(sockets.map((name) => join(instanceDir, name)));
  for (const path of socketsOf(init)) {
    if (allowed.has(path)) continue;
    throw new RangeError(
      `The instance was started for the sockets ${sockets.join(", ")} ` +
        `in ${instanceDir}; ${path} is none of them`,
    );
  }
  for (const path of [init.httpSocket, init.tcpSocket]) {
    if (existsSync(path)) Deno.removeSync(path);
  }
}

function socketsOf(init: HostInit): string[] {
  const { postgres, redisSocket, shards, peers, upstreams } = init;
  return [
    init.httpSocket,
    init.tcpSocket,
    ...(postgres ? [postgres.path] : []),
    ...(redisSocket ? [redisSocket] : []),
    ...Object.values(shards).map(({ path }) => path),
    ...Object.values(peers),
    ...Object.values(upstreams),
  ];
}

async function removeIfThere(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
