import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryKitFolder } from "../testdata/temporary_kit_folder.ts";
import { probeDeno } from "./probe_deno.ts";
import { judgeSpace, probeWatching } from "./probe_machine.ts";
import { probeBubblewrap, probeLimits } from "./probe_sandbox.ts";
import { probeRedis } from "./probe_stores.ts";
import { runProbes } from "./run_probes.ts";
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

describe("runProbes()", () => {
  it("tells each result as it comes and fails nothing on a machine that runs this test", async () => {
    const told: Probe[] = [];
    const results = await runProbes((probe) => told.push(probe));
    expect(told).toEqual(results);
    expect(results.filter(({ status }) => status === "fail")).toEqual([]);
  });

  it("survives a machine without the tools, and says what to install", async () => {
    await using _path = await emptyPath();
    const [redis, bubblewrap, limits] = await Promise.all([
      probeRedis(),
      probeBubblewrap(),
      probeLimits(),
    ]);
    expect(redis.status).toBe("fail");
    expect(redis.fix).toMatch(/install/);
    expect(bubblewrap).toMatchObject({ status: "warn" });
    expect(bubblewrap.fix).toMatch(/install bubblewrap/);
    expect(limits.status).toBe("warn");
  });

  it("tries file watching where the learner's files are", async () => {
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
