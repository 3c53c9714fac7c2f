import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { workshopOf } from "../testdata/workshop_of.ts";
import {
  changeProgress,
  firstUnfinished,
  mergeProgress,
  type Progress,
  readProgress,
} from "./progress_file.ts";

function progressOf(stages: Progress["stages"]): Progress {
  return { version: 1, stages, hints: {}, revealed: {} };
}

describe("readProgress()", () => {
  it("is empty before the first run", async () => {
    await using my = await temporaryFolder();
    expect(await readProgress(my)).toEqual({ progress: progressOf({}) });
  });

  it("keeps a broken file aside and says where", async () => {
    await using my = await temporaryFolder({ "progress.json": "{oops" });
    const { progress, warning } = await readProgress(my);
    expect(progress).toEqual(progressOf({}));
    const aside = /kept as (\S+),/.exec(warning!)![1]!;
    expect(await Deno.readTextFile(aside)).toBe("{oops");
  });
});

describe("changeProgress()", () => {
  it("keeps stages and fields that it does not know", async () => {
    const future = {
      version: 1,
      stages: { "99.later": { runs: 2, medal: "gold" } },
      theme: "dark",
    };
    await using my = await temporaryFolder({
      "progress.json": JSON.stringify(future),
    });
    await changeProgress(my, (before) => ({
      ...before,
      hints: { "03.fixed": 1 },
    }));
    expect(JSON.parse(await my.read("progress.json"))).toEqual({
      ...future,
      hints: { "03.fixed": 1 },
      revealed: {},
    });
  });

  it("leaves no half-written file beside the whole one", async () => {
    await using my = await temporaryFolder();
    await changeProgress(my, (before) => before);
    const names = await Array.fromAsync(Deno.readDir(my.dir));
    expect(names.map(({ name }) => name)).toEqual(["progress.json"]);
  });
});

describe("firstUnfinished()", () => {
  const passed = { passedAt: "2026-01-01T00:00:00Z", runs: 1 };

  it("goes by stable ids, so that inserting a stage keeps what was passed", () => {
    const before = progressOf({ "03.fixed": passed, "03.bucket": passed });
    const workshop = workshopOf(["fixed", "headers", "bucket", "log"]);
    expect(firstUnfinished(before, workshop)?.slug).toBe("headers");
  });

  it("honours the former id of a stage", () => {
    const before = progressOf({ "03.fixed": passed });
    const workshop = workshopOf(["fixed_window", "log"], {
      "03.fixed": "03.fixed_window",
    });
    expect(firstUnfinished(before, workshop)?.slug).toBe("log");
  });
});

describe("mergeProgress()", () => {
  it("is passed where either is, with the earlier date", () => {
    const laptop = progressOf({
      "03.a": { passedAt: "2026-01-02T00:00:00Z", runs: 3 },
      "03.b": { runs: 1 },
    });
    const desktop = progressOf({
      "03.a": { passedAt: "2026-01-01T00:00:00Z", runs: 1 },
      "03.c": { passedAt: "2026-01-03T00:00:00Z", runs: 1 },
    });
    const merged = mergeProgress(laptop, desktop);
    expect(merged.stages).toEqual({
      "03.a": { passedAt: "2026-01-01T00:00:00Z", runs: 3 },
      "03.b": { runs: 1 },
      "03.c": { passedAt: "2026-01-03T00:00:00Z", runs: 1 },
    });
    expect(mergeProgress(desktop, laptop).stages).toEqual(merged.stages);
  });
});
