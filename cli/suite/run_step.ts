import { PROJECT_DIR } from "../../grader/workshops.ts";
import { shownMs } from "../terminal/durations.ts";
import { hasColor, paint } from "../terminal/paint.ts";

/** Runs a `deno` command and shows its output only if it fails. */
export async function runStep(
  name: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const startedMs = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: PROJECT_DIR,
    env: hasColor ? {} : { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).output();
  const took = paint("gray", shownMs(performance.now() - startedMs));
  const mark = success ? paint("green", "✔") : paint("red", "✘");
  console.log(`${mark} ${name}  ${took}`);
  if (!success) {
    for (const bytes of [stdout, stderr]) {
      console.log(new TextDecoder().decode(bytes).trimEnd());
    }
  }
  return success;
}
