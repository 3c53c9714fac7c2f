import { join } from "node:path";
import { storeAccount } from "./account.ts";
import {
  isRunning,
  pidOf,
  type ProcessIdentity,
  processIdentity,
} from "./process_identity.ts";

/** Default of `stopMsMax`. */
const STOP_MS_MAX = 5_000;

export interface OwnedProcessOptions {
  readonly command: readonly string[];
  /** All of its environment, beside PATH and a neutral locale. */
  readonly env?: Readonly<Record<string, string>>;
  /** Run folder whose removal also ends this process. */
  readonly runDir: string;
  /** Both output streams, appended. */
  readonly logFile: string;
  /** Asks it to end; also sent by the kernel when this process dies. */
  readonly stopSignal: Deno.Signal;
  /** A process that was asked to end is killed after this. Default 5,000. */
  readonly stopMsMax?: number;
  /** Cap of its address space, for what has none of its own. */
  readonly addressBytesMax?: number;
  /** Cap of each file that it writes. */
  readonly fileBytesMax?: number;
}

/** A store's process, ended with us however we end. */
export interface OwnedProcess {
  readonly pid: number;
  readonly isRunning: boolean;
  /** Waits for its end. */
  ended(): Promise<Deno.CommandStatus>;
  signal(name: Deno.Signal): void;
  /** Asks, waits, then kills. Resolves once the process is gone. */
  stop(signal?: Deno.Signal): Promise<void>;
}

/**
 * Starts a store as the stores' account, outside our terminal's process group, so that Ctrl-C leaves the order
 * of shutting down to us. It dies with us: on Linux by the kernel's parent-death signal (bound to the thread
 * that starts it), elsewhere at the next start, by its record in the run folder.
 */
export async function startOwnedProcess(
  options: OwnedProcessOptions,
): Promise<OwnedProcess> {
  const dieWithParent = await parentDeathCommand(options.stopSignal);
  const child = new Deno.Command("/bin/sh", {
    // The shell is gone after `exec`: it only directs the output, since a pipe to us could fill up.
    args: [
      "-c",
      `${limits(options)}exec "$@" >>"$0" 2>&1`,
      options.logFile,
      ...dieWithParent,
      ...options.command,
    ],
    ...storeAccount(),
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
      LC_ALL: "C",
      TZ: "UTC",
      ...options.env,
    },
    cwd: "/",
    detached: dieWithParent.length > 0,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const record = await recordProcess(child.pid, options.runDir);
  return new RunningProcess(child, record, options);
}

/** Ends a store by its identity, whoever started it: SIGINT means "shut down fast" to Postgres and Redis. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  const pid = pidOf(identity);
  if (await isRunning(identity)) signalIfThere(pid, "SIGINT");
  if (await isRunning(identity)) signalIfThere(pid, "SIGCONT"); // A check may have stopped it.
  const startedAt = performance.now();
  while (await isRunning(identity)) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > STOP_MS_MAX) signalIfThere(pid, "SIGKILL");
    if (waitedMs > 2 * STOP_MS_MAX) {
      throw new Error(`Process ${pid} still runs after SIGINT and SIGKILL`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

class RunningProcess implements OwnedProcess {
  readonly pid: number;
  isRunning = true;
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Deno.CommandStatus>;
  readonly #options: OwnedProcessOptions;

  constructor(
    child: Deno.ChildProcess,
    record: string,
    options: OwnedProcessOptions,
  ) {
    this.pid = child.pid;
    this.#child = child;
    this.#options = options;
    this.#ended = child.status.then(async (status) => {
      this.isRunning = false;
      await Deno.remove(record).catch(() => {}); // The whole run folder may be gone.
      return status;
    });
    // A forgotten store must not keep its owner's event loop alive; it would never die with it.
    child.unref();
  }

  ended(): Promise<Deno.CommandStatus> {
    this.#child.ref();
    return this.#ended;
  }

  signal(name: Deno.Signal): void {
    if (this.isRunning) signalIfThere(this.pid, name);
  }

  async stop(signal?: Deno.Signal): Promise<void> {
    const { stopSignal, stopMsMax = STOP_MS_MAX } = this.#options;
    this.signal(signal ?? stopSignal);
    const kill = setTimeout(() => this.signal("SIGKILL"), stopMsMax);
    await this.ended();
    clearTimeout(kill);
  }
}

let canDieWithParent: Promise<boolean> | undefined;

/** Words before a command that let it die with the thread that starts it; none where the system cannot. */
async function parentDeathCommand(signal: Deno.Signal): Promise<string[]> {
  canDieWithParent ??= Deno.build.os === "linux"
    ? succeeds("setpriv", ["--pdeathsig", "KILL", "true"])
    : Promise.resolve(false);
  return await canDieWithParent
    ? ["setpriv", "--pdeathsig", signal.slice("SIG".length)]
    : [];
}

async function succeeds(command: string, args: string[]): Promise<boolean> {
  try {
    const options = { args, stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(command, options).output()).success;
  } catch {
    return false; // Not installed; BusyBox's lacks the option.
  }
}

/** POSIX counts addresses in kilobytes and files in blocks of 512 bytes. */
function limits(
  { addressBytesMax, fileBytesMax }: OwnedProcessOptions,
): string {
  const address = addressBytesMax && `ulimit -v ${addressBytesMax / 1024}; `;
  const file = fileBytesMax && `ulimit -f ${fileBytesMax / 512}; `;
  return `${address ?? ""}${file ?? ""}`;
}

async function recordProcess(pid: number, runDir: string): Promise<string> {
  const identity = await processIdentity(pid);
  const record = join(runDir, "processes", identity ?? `${pid}.0`);
  await Deno.writeTextFile(record, "");
  return record;
}

function signalIfThere(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
