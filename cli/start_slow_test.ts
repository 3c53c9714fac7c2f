import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { SubmissionView } from "@contract/api.ts";
import { PROJECT_DIR } from "../grader/workshops.ts";

/** Until a started kit answers, on a busy machine that prepares its stores. */
const READY_MS_MAX = 60_000;

describe("start()", { concurrency: false }, () => {
  it("serves page and grader, and ends with all its processes on Ctrl-C", async () => {
    await using kit = await openKit();
    await using started = await kit.start();
    const link = await started.line(/http:\S+enter\S+/);
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    await page.body?.cancel();
    await started.line(/Ready to grade/);
    expect((await kit.processes()).length).toBeGreaterThan(3);

    started.child.kill("SIGINT");
    expect((await started.child.status).code).toBe(0);
    expect(await kit.processes()).toEqual([]);
    expect(await kit.files()).not.toContain("server.json");
  });

  it("gives the link of a first start to a second one", async () => {
    await using kit = await openKit();
    await using first = await kit.start();
    const link = await first.line(/http:\S+enter\S+/);
    await using second = await kit.start();
    await second.line(/runs already, started by process \d+/);
    const other = await second.line(/http:\S+enter\S+/);
    expect((await second.child.status).code).toBe(0);
    expect(new URL(other).origin).toBe(new URL(link).origin);
    expect(other).not.toBe(link);
  });

  it("takes the next port when the wanted one is taken, and says so", async () => {
    await using kit = await openKit();
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using started = await kit.start("--port", String(taken.addr.port));
    await started.line(new RegExp(`Port ${taken.addr.port} is taken; using`));
    await started.line(/http:\S+enter\S+/);
  });

  it("leaves nothing running when it is killed, and loses no submission", async () => {
    await using kit = await openKit();
    await using first = await kit.start();
    await first.line(/Ready to grade/);
    const id = await kit.submit();
    await until(
      "it runs",
      async () => (await kit.read(id)).state === "running",
    );
    first.child.kill("SIGKILL");
    await first.child.status;
    await until(
      "all its processes are gone",
      async () => (await kit.processes()).length === 0,
    );

    await using second = await kit.start();
    await second.line(/http:\S+enter\S+/);
    await until("it is taken up again", async () => {
      const { state, attempt } = await kit.read(id);
      return attempt > 1 && state !== "queued";
    });
  });
});

interface Started extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  /** The first match in what it prints; a wait has a bound. */
  line(pattern: RegExp): Promise<string>;
}

/** A kit folder of its own. Its path is short, since sockets lie in it. */
async function openKit() {
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

function startKit(dir: string, args: string[]): Started {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(PROJECT_DIR, "cli/main.ts"), "start", ...args],
    env: { TRESTLE_DIR: dir, DATABASE_URL: "" },
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

async function until(
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + READY_MS_MAX;
  while (!await isSo()) {
    if (performance.now() > deadline) throw new Error(`In vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
