import { join } from "node:path";
import { PROJECT_DIR } from "../grader/workshops.ts";
import { readFiles } from "./my/files.ts";

/** Lines shown of what the compiler says. */
const LINES_MAX = 30;

/** A type check under way, beside a run and never before it: it takes ten times as long. */
export interface TypeCheck extends Disposable {
  /** What the compiler says, or undefined when it has nothing to say. */
  readonly errors: Promise<string | undefined>;
}

export interface TypeCheckOptions {
  /** Default true: it gets what the run leaves of the processors. On a machine kept busy on purpose that is nothing. */
  readonly givesWay?: boolean;
  readonly signal?: AbortSignal;
}

/** Starts `deno check` on a learner's files. Ended by dispose. */
export function startTypeCheck(
  dir: string,
  { givesWay = true, signal }: TypeCheckOptions = {},
): TypeCheck {
  const stop = new AbortController();
  const ended = signal === undefined
    ? stop.signal
    : AbortSignal.any([stop.signal, signal]);
  return {
    errors: typeErrors(dir, { givesWay, signal: ended }),
    [Symbol.dispose]: () => stop.abort(),
  };
}

async function typeErrors(
  dir: string,
  { givesWay, signal }: {
    readonly givesWay: boolean;
    readonly signal: AbortSignal;
  },
): Promise<string | undefined> {
  const files = Object.keys(await readFiles(dir))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(dir, path));
  if (files.length === 0 || signal.aborted) return undefined;
  const config = join(PROJECT_DIR, "deno.json");
  const check = ["check", "--quiet", "--config", config, ...files];
  const [command, args] = givesWay && Deno.build.os !== "windows"
    ? ["nice", ["-n", "19", Deno.execPath(), ...check]]
    : [Deno.execPath(), check];
  const { success, stderr } = await new Deno.Command(command, {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal,
  }).output();
  if (success || signal.aborted) return undefined;
  const text = new TextDecoder().decode(stderr);
  // Without a code of the compiler's the files could not even be read: that is what the run says.
  return /^TS\d+ /m.test(text) ? shortened(text) : undefined;
}

function shortened(text: string): string {
  const lines = text
    .replaceAll(/file:\/\/(?=\/)/g, "")
    .split("\n")
    .filter((line) => !NOISE.test(line));
  return lines.slice(0, LINES_MAX).join("\n").trim();
}

const NOISE = /^(?:Check |Stack backtrace|\s+\d+: <|error: Type checking)/;
