import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { dirname, join } from "node:path";
import { isRunning, processIdentity } from "./process_identity.ts";
import { makeMemoryFolder, makeRunFolder } from "./run_folder.ts";

const DEAD_OWNER = "999999999.1";

describe("makeRunFolder()", () => {
  it("removes the folder on dispose", async () => {
    const folder = await makeRunFolder();
    await folder[Symbol.asyncDispose]();
    await expect(Deno.lstat(folder.path)).rejects.toThrow(Deno.errors.NotFound);
  });

  it("ends the processes of an owner that is gone, and removes its folder", async () => {
    const store = new Deno.Command("sleep", { args: ["600"] }).spawn();
    const abandoned = await abandonedFolder(
      (await processIdentity(store.pid))!,
    );
    await using _folder = await makeRunFolder();
    expect((await store.status).signal).toBe("SIGINT");
    await expect(Deno.lstat(abandoned)).rejects.toThrow(Deno.errors.NotFound);
  });

  it("ends one that was stopped, too", async () => {
    const store = new Deno.Command("sleep", { args: ["600"] }).spawn();
    Deno.kill(store.pid, "SIGSTOP");
    await abandonedFolder((await processIdentity(store.pid))!);
    await using _folder = await makeRunFolder();
    expect((await store.status).success).toBe(false);
  });

  it("spares a stranger that now has a recorded pid", async () => {
    const stranger = new Deno.Command("sleep", { args: ["600"] }).spawn();
    await abandonedFolder(`${stranger.pid}.1`);
    await using _folder = await makeRunFolder();
    const identity = await processIdentity(stranger.pid);
    expect(identity).toBeDefined();
    expect(await isRunning(identity!)).toBe(true);
    stranger.kill("SIGKILL");
    await stranger.status;
  });

  it("keeps what sandboxed programs use out of /dev", async () => {
    await using folder = await makeRunFolder();
    expect(folder.path).not.toMatch(/^\/dev/);
  });

  it("does not take a TMPDIR whose sockets would have too long a path", async () => {
    const before = Deno.env.get("TMPDIR");
    Deno.env.set("TMPDIR", "/".padEnd(50, "x"));
    await using folder = await makeRunFolder();
    expect(folder.path).toContain("/tmp/trestle-");
    if (before === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", before);
  });

  it("leaves the folder of a living owner alone", async () => {
    await using first = await makeRunFolder();
    await using _second = await makeRunFolder();
    expect((await Deno.lstat(first.path)).isDirectory).toBe(true);
  });
});

describe("makeMemoryFolder()", () => {
  it("says whether it is in memory, and goes away on dispose", async () => {
    const folder = await makeMemoryFolder();
    expect(folder.path.startsWith("/dev/shm")).toBe(folder.isInMemory);
    await folder[Symbol.asyncDispose]();
    await expect(Deno.lstat(folder.path)).rejects.toThrow(Deno.errors.NotFound);
  });
});

/** A run folder as a killed owner leaves it, with one process on record. */
async function abandonedFolder(processOnRecord: string): Promise<string> {
  await using current = await makeRunFolder();
  const folder = join(dirname(current.path), `${DEAD_OWNER}.0`);
  await Deno.mkdir(join(folder, "processes"), { recursive: true });
  await Deno.writeTextFile(join(folder, "processes", processOnRecord), "");
  return folder;
}
