import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { dirname } from "node:path";
import { writeSubmissionFolder } from "./submission_folder.ts";

describe("writeSubmissionFolder()", () => {
  it("puts the files into the run folder, and leaves nothing there", async () => {
    await using runDir = await openRunDir();
    const folder = await writeSubmissionFolder(runDir.path, {
      "system.ts": "one",
      "limits/bucket.ts": "two",
    });
    expect(dirname(folder.path)).toBe(runDir.path);
    expect(await Deno.readTextFile(`${folder.path}/limits/bucket.ts`))
      .toBe("two");
    await folder[Symbol.asyncDispose]();
    expect(await runDir.names()).toEqual([]);
  });

  it("leaves nothing when a file cannot be written", async () => {
    await using runDir = await openRunDir();
    const files = { "limits": "a file", "limits/bucket.ts": "in a file" };
    await expect(writeSubmissionFolder(runDir.path, files)).rejects.toThrow();
    expect(await runDir.names()).toEqual([]);
  });

  it("opens the folder to others only where the sandbox has an account of its own", async () => {
    await using runDir = await openRunDir();
    await using folder = await writeSubmissionFolder(runDir.path, {});
    const { mode } = await Deno.stat(folder.path);
    expect(mode! & 0o777).toBe(Deno.uid() === 0 ? 0o755 : 0o700);
  });
});

async function openRunDir() {
  const path = await Deno.makeTempDir({ prefix: "trestle-test-" });
  return {
    path,
    names: async () =>
      (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
