import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryKitFolder } from "../testdata/temporary_kit_folder.ts";
import { probeDeno } from "./probe_deno.ts";
import { judgeSpace, probeWatching } from "./probe_machine.ts";
import { probeRedis } from "./probe_stores.ts";
import { PROBES } from "./probes.ts";
import type { Probe } from "./types.ts";

describe("probeDeno()", () => {
  const rows: [version: string, status: Probe["status"]][] = [
    ["2.9.6", "ok"],
    ["2.9.10", "warn"],
    ["2.10.0", "warn"],
    ["2.8.4", "fail"],
    ["1.46.3", "fail"],
  ];
  for (const [version, status] of rows) {
    it(`says ${status} to ${version}`, () => {
      expect(probeDeno(version).status).toBe(status);
    });
  }

  it("says how to get the right one", () => {
    expect(probeDeno("2.8.4").fix).toBe("deno upgrade --version 2.9.6");
  });
});

describe("judgeSpace()", () => {
  const rows: [megabytes: number, status: Probe["status"]][] = [
    [1_000, "ok"],
    [999, "warn"],
    [299, "fail"],
  ];
  for (const [megabytes, status] of rows) {
    it(`says ${status} to ${megabytes} MB`, () => {
      const space = {
        place: "in /",
        enough: 1_000,
        least: 300,
        fix: "Free some",
      };
      expect(judgeSpace("Free disk", { ...space, megabytes }).status)
        .toBe(status);
    });
  }
});

describe("PROBES", () => {
  it("fail nothing on a machine that runs this test", async () => {
    for (const look of PROBES) {
      expect(await look()).not.toMatchObject({ status: "fail" });
    }
  });

  it("survive a machine without the tools, and say what to install", async () => {
    await using _path = await emptyPath();
    const redis = await probeRedis();
    expect(redis.status).toBe("fail");
    expect(redis.fix).toMatch(/install/);
  });

  it("try file watching where the learner's files are", async () => {
    const folder = await Deno.makeTempDir();
    expect((await probeWatching(folder)).status).toBe("ok");
    expect(await Array.fromAsync(Deno.readDir(folder))).toEqual([]);
    await Deno.remove(folder);
  });
});

/** PATH and kit folder of a machine where nothing is installed or fetched. */
async function emptyPath() {
  const kitFolder = await temporaryKitFolder();
  const before = Deno.env.get("PATH")!;
  Deno.env.set("PATH", kitFolder.path);
  return {
    async [Symbol.asyncDispose]() {
      Deno.env.set("PATH", before);
      await kitFolder[Symbol.asyncDispose]();
    },
  };
}
