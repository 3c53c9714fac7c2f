import { join } from "node:path";
import { PROJECT_DIR } from "../../grader/workshops.ts";

/** What a command printed and how it ended. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command line as a process of its own, as `deno task` does. */
export function runCli(...args: string[]): Promise<CliResult> {
  return runCliWith({}, args);
}

/** The same, with more in its environment. */
export async function runCliWith(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<CliResult> {
  const { code, stdout, stderr } = await spawnCli(env, args).output();
  const [out, err] = [stdout, stderr]
    .map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out!, stderr: err! };
}

/** The same, left running. */
export function startCli(...args: string[]): Deno.ChildProcess {
  return spawnCli({}, args);
}

function spawnCli(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(PROJECT_DIR, "cli/main.ts"), ...args],
    cwd: PROJECT_DIR,
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
