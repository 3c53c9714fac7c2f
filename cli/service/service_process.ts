import { join } from "node:path";
import { inheritedEnvironment } from "../../grader/inherited_environment.ts";
import { PROJECT_DIR } from "../../grader/workshops.ts";
import { LogFile } from "./log_file.ts";

/** A process that was asked to end is killed after this. */
const STOP_MS_MAX = 15_000;

/** One line of a service's log. */
export interface LogLine {
  readonly level: "info" | "warning" | "error";
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface ServiceOptions {
  /** From the project's folder: "server/main.ts". */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Everything that it logs, as far as the disk and `LogFile` keep it. */
  readonly logFile: string;
  readonly onLog: (line: LogLine) => void;
}

/** A running part of the kit. */
export interface ServiceProcess {
  readonly pid: number;
  readonly ended: Promise<Deno.CommandStatus>;
  /** Asks it to end and waits; kills it if it takes too long. */
  stop(): Promise<void>;
}

/**
 * Starts a part of the kit in a session of its own, so that Ctrl-C leaves the order of ending to us. It holds the
 * other end of a pipe and ends when that closes: however we die, it does not outlive us.
 */
export function startService(
  { script, args = [], env, logFile, onLog }: ServiceOptions,
): ServiceProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(PROJECT_DIR, script), "--tied", ...args],
    cwd: PROJECT_DIR,
    clearEnv: true,
    env: { ...inheritedEnvironment(), ...env },
    detached: Deno.build.os !== "windows",
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const logged = keepLog(child.stderr, new LogFile(logFile), onLog);
  const ended = Promise.all([child.status, logged]).then(([status]) => status);
  return {
    pid: child.pid,
    ended,
    async stop() {
      signalIfThere(child, "SIGTERM");
      const timer = setTimeout(
        () => signalIfThere(child, "SIGKILL"),
        STOP_MS_MAX,
      );
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Whatever is not a line of log, like a stack, is kept too: it says why a service died. */
async function keepLog(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
  file: LogFile,
  onLog: (line: LogLine) => void,
): Promise<void> {
  let rest = "";
  for await (const chunk of stderr.pipeThrough(new TextDecoderStream())) {
    file.write(chunk);
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const parsed = parseLog(line);
      if (parsed) onLog(parsed);
    }
  }
}

function parseLog(line: string): LogLine | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Something else that begins with a bracket.
  }
}

function signalIfThere(child: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    child.kill(name);
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof TypeError)) throw error;
  }
}
