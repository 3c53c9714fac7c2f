import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { buildOnce } from "./build_once.ts";

describe("buildOnce()", () => {
  it("builds the first time only", async () => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, "made");
    let builds = 0;
    const build = async (draft: string) => {
      builds++;
      await Deno.mkdir(draft);
    };
    await buildOnce(target, build);
    await buildOnce(target, build);
    expect(builds).toBe(1);
  });

  it("leaves nothing when the build fails", async () => {
    await using folder = await temporaryFolder();
    const failing = buildOnce(join(folder.path, "made"), async (draft) => {
      await Deno.mkdir(draft);
      throw new Error("disk full");
    });
    await expect(failing).rejects.toThrow("disk full");
    expect(await namesIn(folder.path)).toEqual([]);
  });

  it("says what to do about a full disk", async () => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, "made");
    const full = buildOnce(
      target,
      () => Promise.reject(new Error("cp: No space left on device")),
    );
    await expect(full).rejects.toThrow(
      `There is no space left for ${target}. Free some space`,
    );
  });

  it("takes the result of whoever is faster", async () => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, "made");
    await buildOnce(target, async (draft) => {
      await Deno.mkdir(draft);
      await Deno.writeTextFile(join(draft, "by"), "slow");
      await Deno.mkdir(target);
      await Deno.writeTextFile(join(target, "by"), "fast");
    });
    expect(await Deno.readTextFile(join(target, "by"))).toBe("fast");
    expect(await namesIn(folder.path)).toEqual(["made"]);
  });

  it("lets one process build twice at once", async () => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, "made");
    const build = (draft: string) => Deno.mkdir(draft);
    await Promise.all([buildOnce(target, build), buildOnce(target, build)]);
    expect(await namesIn(folder.path)).toEqual(["made"]);
  });

  it("clears what a killed builder left, and nothing else", async () => {
    await using folder = await temporaryFolder();
    for (
      const name of [
        "made.999999999.1.a1b2c3",
        "made.note",
        "other.999999999.1.a1b2c3",
      ]
    ) {
      await Deno.mkdir(join(folder.path, name));
    }
    await buildOnce(join(folder.path, "made"), (draft) => Deno.mkdir(draft));
    expect(await namesIn(folder.path)).toEqual([
      "made",
      "made.note",
      "other.999999999.1.a1b2c3",
    ]);
  });
});

async function temporaryFolder() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}
