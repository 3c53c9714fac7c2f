import { join } from "node:path";
import type { SubmissionView } from "@contract/api.ts";
import { PROJECT_DIR } from "../../grader/workshops.ts";
import { runCliWith } from "./run_cli.ts";
import { until } from "./until.ts";

/** A `start` that runs. */
export interface Started extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  /** The first match in what it prints; a wait has a bound. */
  line(pattern: RegExp): Promise<string>;
}

/** A kit folder of a test's own, and what is done with it. Its path is short, since sockets lie in it. */
export async function openKit() {
  const dir = await Deno.makeTempDir({ prefix: "tk-" });
  await Deno.chmod(dir, 0o711);
  const api = async (path: string, init: RequestInit = {}) => {
    const text = await Deno.readTextFile(join(dir, "server.json"));
    const { url, token } = JSON.parse(text);
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    return await (await fetch(new URL(path, url), { ...init, headers })).json();
  };
  return {
    start: (...args: string[]) => Promise.resolve(startKit(dir, args)),
    /** Runs another command against this kit, as in a second terminal. */
    run: (...args: string[]) => runCliWith(environment(dir), args),
    processes: () => processesWith(`TRESTLE_DIR=${dir}`, dir),
    files: async () =>
      (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name),
    async submit(): Promise<string> {
      const files = { "system.ts": "export default () => { while (true); }" };
      const view = await api("/api/submissions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ workshop: "02-url-shortener", files }),
      });
      return view.id;
    },
    read: (id: string): Promise<SubmissionView> =>
      api(`/api/submissions/${id}`),
    // A step of the set-up that was cut off (initdb, the bundler) may write its last file after its parent's end.
    [Symbol.asyncDispose]: () =>
      until(
        "the folder is gone",
        () =>
          Deno.remove(dir, { recursive: true }).then(() => true, () => false),
      ),
  };
}

function environment(dir: string): Record<string, string> {
  return { TRESTLE_DIR: dir, DATABASE_URL: "" };
}

function startKit(dir: string, args: string[]): Started {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(PROJECT_DIR, "cli/main.ts"), "start", ...args],
    env: environment(dir),
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let printed = "";
  const reading = (async () => {
    for await (
      const chunk of child.stdout.pipeThrough(new TextDecoderStream())
    ) printed += chunk;
  })();
  return {
    child,
    async line(pattern) {
      await until(
        `it prints ${pattern}; so far: ${printed}`,
        () => Promise.resolve(pattern.test(printed)),
      );
      return pattern.exec(printed)![0];
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended already.
      }
      await child.status;
      await reading;
    },
  };
}

/** Commands of running processes that were started with this word in their environment or arguments. */
async function processesWith(...words: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const read = (file: string) =>
      Deno.readTextFile(`/proc/${name}/${file}`).catch(() => ""); // Gone by now.
    const text = await read("environ") + await read("cmdline");
    if (words.some((word) => text.includes(word))) {
      found.push((await read("cmdline")).replaceAll("\0", " "));
    }
  }
  return found;
}
