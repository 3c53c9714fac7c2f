import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { readFiles } from "./files.ts";
import { listSnapshots, takeSnapshot } from "./snapshots.ts";

const SLUG = "03-rate-limiter";

describe("takeSnapshot()", () => {
  it("keeps the files with time and reason, the newest first", async () => {
    await using my = await temporaryFolder();
    const take = (text: string, reason: string) =>
      takeSnapshot(my, { slug: SLUG, files: { "system.ts": text }, reason });
    await take("one", "failed-at-03.2");
    const taken = await take("two", "passed-6-of-6");
    const [newest, oldest] = await listSnapshots(my, SLUG);
    expect(newest).toEqual(taken);
    expect(newest!.reason).toBe("passed-6-of-6");
    expect(oldest!.reason).toBe("failed-at-03.2");
    expect(newest!.takenAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await readFiles(oldest!.dir)).toEqual({ "system.ts": "one" });
  });

  it("keeps the same files for the same reason once", async () => {
    await using my = await temporaryFolder();
    const files = { "system.ts": "one" };
    const first = await takeSnapshot(my, {
      slug: SLUG,
      files,
      reason: "failed",
    });
    expect(await takeSnapshot(my, { slug: SLUG, files, reason: "failed" }))
      .toEqual(first);
    expect(await listSnapshots(my, SLUG)).toHaveLength(1);
  });

  it("drops the oldest of what runs left beyond a hundred, and nothing else", async () => {
    const kept = [
      "2025-12-31T00-00-00-000Z-before-reset",
      "2025-12-31T00-00-00-001Z-passed-6-of-6",
      "notes",
    ];
    const names = Array.from(
      { length: 100 },
      (_, index) =>
        `2026-01-01T00-00-00-${String(index).padStart(3, "0")}Z-failed`,
    );
    await using my = await temporaryFolder(Object.fromEntries(
      [...names, ...kept].map((name) => [
        `.history/${SLUG}/${name}/system.ts`,
        name,
      ]),
    ));
    const files = { "system.ts": "new" };
    await takeSnapshot(my, { slug: SLUG, files, reason: "failed" });
    const snapshots = await listSnapshots(my, SLUG);
    expect(snapshots).toHaveLength(102);
    expect(snapshots.slice(-3).map(({ name, reason }) => `${name}-${reason}`))
      .toEqual([names[1], kept[1], kept[0]]);
    expect(await my.read(`.history/${SLUG}/notes/system.ts`)).toBe("notes");
  });
});
