import { join } from "node:path";
import type { JudgeAssignment } from "./grade_types.ts";
import { PROJECT_DIR } from "./workshops.ts";

/** All that a judge sees of our environment. */
const ENVIRONMENT = [
  ...["PATH", "HOME", "TMPDIR", "LANG", "XDG_CACHE_HOME"],
  ...["DENO_DIR", "TRESTLE_DIR", "NPM_CONFIG_REGISTRY"],
  ...["SYSTEMROOT", "LOCALAPPDATA", "USERPROFILE", "TEMP"],
  // The first judge on a machine may have to fetch the bundler.
  ...["DENO_CERT", "DENO_TLS_CA_STORE", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"],
  ...["http_proxy", "https_proxy", "no_proxy"],
];

/** Starts `deno test` on one stage file, in a process group of its own. */
export function spawnJudge(
  testFile: string,
  assignment: JudgeAssignment,
): Deno.ChildProcess {
  const known = ENVIRONMENT.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--no-check", "--no-prompt", "-A"],
      ...["--config", join(PROJECT_DIR, "deno.json"), testFile],
    ],
    cwd: PROJECT_DIR,
    clearEnv: true,
    env: {
      ...Object.fromEntries(known),
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
