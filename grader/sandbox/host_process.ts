import type { ControlSocket } from "./control_socket.ts";
import { exitReason } from "./exit_reason.ts";
import { bootExit } from "./limits/boot.ts";
import { residentExit } from "./limits/data.ts";
import { diskExit } from "./limits/disk.ts";
import { type OutputWatch, watchOutput } from "./limits/output.ts";
import { printable } from "./printable.ts";
import { processEnd } from "./process_end.ts";
import { descendants, isNeverIdle, processUsage } from "./process_tree.ts";
import type {
  Host,
  HostExit,
  HostInit,
  HostLimits,
  HostLoad,
} from "./types.ts";

/** Starting Deno and parsing the drivers takes 0.2 s; more than this is an overloaded or broken machine. */
const START_MS_MAX = 20_000;
const MESSAGE_CHARS_MAX = 1_000;
/** Between two looks at what the process uses; one costs 0.3 ms. */
const WATCH_MS = 250;

export interface HostProcessOptions {
  readonly child: Deno.ChildProcess;
  readonly control: ControlSocket;
  readonly limits: HostLimits;
  /** Takes the machine's paths out of a line that the process printed. */
  readonly shorten: (line: string) => string;
  /** Folders that the process can fill. */
  readonly writtenDirs: readonly string[];
  /** Called once before "go", with the paths that the instance will use; what it returns keeps the code from running. */
  readonly prepare: (init: HostInit) => HostExit | undefined;
  /** Called once the process is gone. */
  readonly cleanUp: () => Promise<void>;
}

/** A host as its parent sees it: a child process, two streams, and a control socket. */
export class HostProcess implements Host {
  readonly pid: number;
  readonly exit: Promise<HostExit>;
  readonly #options: HostProcessOptions;
  readonly #output: OutputWatch;
  readonly #ready = Promise.withResolvers<"ready">();
  readonly #listening = Promise.withResolvers<"listening">();
  /** The first reason found why this process is about to end. */
  #reason: HostExit | undefined;
  #isGone = false;
  #watch: ReturnType<typeof setInterval> | undefined;
  #usage = { cpuMs: 0, memoryBytes: 0, peakMemoryBytes: 0 };

  constructor(options: HostProcessOptions) {
    this.#options = options;
    this.pid = options.child.pid;
    this.#output = watchOutput(options.child, {
      bytesMax: options.limits.outputBytesMax,
      shorten: options.shorten,
      onFlood: (exit) => this.#end(exit),
    });
    this.exit = this.#waitForEnd(this.#readMessages());
  }

  async load(init: HostInit): Promise<HostLoad> {
    const obstacle = this.#options.prepare(init);
    if (obstacle !== undefined) this.#end(obstacle);
    else await this.#waitUntilReady();
    if (!this.#isGone) {
      this.#watch = setInterval(() => void this.#watchUsage(), WATCH_MS);
    }
    const { bootMs } = this.#options.limits;
    const timer = setTimeout(() => this.#end(bootExit(bootMs)), bootMs);
    // If the process is gone already, its exit tells more than the broken pipe.
    await this.#options.control.go({ kind: "go", init }).catch(() => {});
    const first = await Promise.race([this.#listening.promise, this.exit]);
    clearTimeout(timer);
    return first === "listening"
      ? { status: "listening" }
      : { status: "failed", exit: first };
  }

  async kill(): Promise<void> {
    this.#end({ reason: "stopped", message: "The check killed the process" });
    await this.exit;
  }

  signal(name: "SIGTERM" | "SIGSTOP" | "SIGCONT"): void {
    if (name === "SIGTERM") {
      const message = "The check stopped the process";
      this.#reason ??= { reason: "stopped", message };
    }
    // Wrappers pass no signals on; Deno is the last of the line.
    this.#send(descendants(this.pid).at(-1) ?? this.pid, name);
  }

  onLine(listener: (line: string) => void): void {
    this.#output.onLine(listener);
  }

  isNeverIdle(): Promise<boolean> {
    return this.#isGone
      ? Promise.resolve(false)
      : isNeverIdle(descendants(this.pid).at(-1) ?? this.pid);
  }

  async usage() {
    const now = this.#isGone ? undefined : await processUsage(this.pid);
    this.#usage = now ?? { ...this.#usage, memoryBytes: 0 };
    return this.#usage;
  }

  /** Ends a process that is over a limit which the kernel does not keep, and notes its usage for when it is gone. */
  async #watchUsage(): Promise<void> {
    const { limits, writtenDirs } = this.#options;
    const { memoryBytes } = await this.usage();
    const exit = residentExit(memoryBytes, limits.dataBytesMax) ??
      await diskExit(writtenDirs, limits.diskBytesMax);
    if (exit !== undefined) this.#end(exit);
  }

  async #readMessages(): Promise<void> {
    for await (const message of this.#options.control.messages) {
      if (message.kind === "ready") this.#ready.resolve("ready");
      else if (message.kind === "listening") {
        this.#listening.resolve("listening");
      } else {
        this.#end({
          reason: message.reason,
          message: printable(message.message, MESSAGE_CHARS_MAX),
        });
      }
    }
  }

  async #waitForEnd(messagesRead: Promise<void>): Promise<HostExit> {
    const status = await this.#options.child.status;
    this.#isGone = true;
    clearInterval(this.#watch);
    this.#options.control.hostIsGone();
    // What it said and printed last may still be on its way.
    await Promise.all([messagesRead, this.#output.ended]);
    this.#options.control.close();
    await this.#options.cleanUp();
    const end = processEnd(status, this.#output.stderrTail);
    return this.#reason ?? exitReason(end, this.#options.limits);
  }

  async #waitUntilReady(): Promise<void> {
    const tooLate = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => tooLate.resolve(undefined), START_MS_MAX);
    const first = await Promise.race([
      this.#ready.promise,
      this.exit,
      tooLate.promise,
    ]);
    clearTimeout(timer);
    if (first === "ready") return;
    await this.kill();
    throw new Error(
      `The host of a system under test did not start within ${START_MS_MAX} ms: ` +
        (first?.message ?? "it is still starting") +
        `; it printed: ${printable(this.#output.stderrTail, 1_000)}`,
    );
  }

  #end(exit: HostExit): void {
    this.#reason ??= exit;
    if (this.#isGone) return;
    // Below bubblewrap: with the first process of a namespace all of it ends, and only then does bubblewrap.
    const pids = descendants(this.pid);
    for (const pid of pids.length > 0 ? pids : [this.pid]) {
      this.#send(pid, "SIGKILL");
    }
  }

  #send(pid: number, name: Deno.Signal): void {
    try {
      if (!this.#isGone) Deno.kill(pid, name);
    } catch (error) {
      // It ended between the look and the signal.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
