import { join } from "node:path";
import type { JudgeAssignment } from "./grade_types.ts";
import { inheritedEnvironment } from "./inherited_environment.ts";
import { PROJECT_DIR } from "./workshops.ts";

/** Starts `deno test` on one stage file, in a process group of its own. */
export function spawnJudge(
  testFile: string,
  assignment: JudgeAssignment,
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--no-check", "--no-prompt", "-A"],
      ...["--config", join(PROJECT_DIR, "deno.json"), testFile],
    ],
    cwd: PROJECT_DIR,
    clearEnv: true,
    env: {
      ...inheritedEnvironment(),
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      TRESTLE_JUDGE: JSON.stringify(assignment),
    },
    // Ctrl-C must not end it before we have told it to clean up.
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
