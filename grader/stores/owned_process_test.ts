import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type OwnedProcessOptions,
  startOwnedProcess,
} from "./owned_process.ts";
import { isRunning, processIdentity } from "./process_identity.ts";
import { makeRunFolder } from "./run_folder.ts";

const OWNER = fileURLToPath(new URL("testdata/idle_owner.ts", import.meta.url));

describe("startOwnedProcess()", () => {
  it("collects both output streams in the log", async () => {
    await using place = await aPlace();
    const logFile = await place.run(`echo out; echo err >&2`);
    expect(await Deno.readTextFile(logFile)).toBe("out\nerr\n");
  });

  it("hands down nothing of our environment", async () => {
    Deno.env.set("TRESTLE_TEST_SECRET", "s3cret");
    await using place = await aPlace();
    const logFile = await place.run("env");
    expect(await Deno.readTextFile(logFile)).not.toContain("s3cret");
    Deno.env.delete("TRESTLE_TEST_SECRET");
  });

  it("does not run as root", async () => {
    await using place = await aPlace();
    const logFile = await place.run("id -u");
    expect(Number(await Deno.readTextFile(logFile))).toBeGreaterThan(0);
  });

  it("bounds address space and files", async () => {
    await using place = await aPlace();
    const logFile = await place.run("ulimit -v; ulimit -f", {
      addressBytesMax: 512 * 1024 * 1024,
      fileBytesMax: 1024 * 1024,
    });
    expect(await Deno.readTextFile(logFile)).toBe("524288\n2048\n");
  });

  it("is on record while it runs and no longer", async () => {
    await using place = await aPlace();
    const store = await place.start("exec sleep 600");
    const [record] = await place.records();
    expect(record).toMatch(new RegExp(`^${store.pid}\\.\\d+$`));
    await store.stop();
    expect(store.isRunning).toBe(false);
    expect(await place.records()).toEqual([]);
  });

  it("kills what does not stop when asked", async () => {
    await using place = await aPlace();
    const store = await place.start(
      `trap "" INT; echo deaf; while :; do sleep 1; done`,
      { stopMsMax: 50 },
    );
    await place.logged("deaf");
    await store.stop("SIGINT");
    expect((await store.ended()).signal).toBe("SIGKILL");
  });

  const isLinux = Deno.build.os === "linux";
  it("dies with its owner, even when that is killed and nobody starts again", {
    skip: !isLinux,
  }, async () => {
    // A place of its own: elsewhere another start could be the one that ends it.
    const tmpDir = await Deno.makeTempDir({ dir: "/tmp", prefix: "own" });
    const owner = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", OWNER],
      env: { TMPDIR: tmpDir },
      stdout: "piped",
    }).spawn();
    const reader = owner.stdout.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    const identity = await processIdentity(
      Number(new TextDecoder().decode(value)),
    );
    owner.kill("SIGKILL");
    await owner.status;
    await ended(identity!);
    await Deno.remove(tmpDir, { recursive: true });
  });

  it("takes a signal to a process that is gone for done", async () => {
    await using place = await aPlace();
    const store = await place.start("true");
    await store.ended();
    store.signal("SIGSTOP");
    await store.stop();
    expect((await store.ended()).code).toBe(0);
  });
});

async function ended(identity: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (await isRunning(identity)) {
    if (performance.now() > deadline) throw new Error(`${identity} lives on`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A run folder with a place for logs that the stores' account may write. */
async function aPlace() {
  const folder = await makeRunFolder();
  const logs = join(folder.path, "logs");
  await Deno.mkdir(logs);
  await Deno.chmod(logs, 0o777);
  const logFile = join(logs, "log");
  const start = (
    script: string,
    options: Partial<OwnedProcessOptions> = {},
  ) =>
    startOwnedProcess({
      command: ["/bin/sh", "-c", script],
      runDir: folder.path,
      logFile,
      stopSignal: "SIGTERM",
      ...options,
    });
  return {
    start,
    async run(script: string, options: Partial<OwnedProcessOptions> = {}) {
      await (await start(script, options)).ended();
      return logFile;
    },
    async logged(text: string) {
      const deadline = performance.now() + 5_000;
      const read = () => Deno.readTextFile(logFile).catch(() => ""); // Made by the process.
      while (!(await read()).includes(text)) {
        if (performance.now() > deadline) throw new Error(`No "${text}"`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async records() {
      const entries = Deno.readDir(join(folder.path, "processes"));
      return (await Array.fromAsync(entries)).map(({ name }) => name);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
