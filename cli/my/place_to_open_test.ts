import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { writeFiles } from "./files.ts";
import { copyDir, myFolder } from "./folders.ts";
import { placeToOpen } from "./place_to_open.ts";

const SLUG = "01-basics";
const FILES = {
  "system.ts": "import x;\n\nexport default () => {};\n",
  "estimate.ts":
    '\n// estimate.ts\n  throw notImplemented("01.1 Estimator", "work it out in estimate.ts");\n',
};

describe("placeToOpen()", () => {
  for (
    const [about, hint, place] of [
      [
        "the stub that waits",
        "Stage 01.1: work it out in estimate.ts",
        "estimate.ts:3",
      ],
      ["the factory for any other hint", "Note: a lock helps", "system.ts:3"],
      ["the factory without a hint", undefined, "system.ts:3"],
    ] as const
  ) {
    it(`gives ${about}`, async () => {
      await using folder = await temporaryFolder();
      const my = myFolder(folder.dir);
      await writeFiles(copyDir(my, SLUG), FILES);
      expect(await placeToOpen(my, SLUG, hint)).toMatch(
        new RegExp(`${SLUG}/${place}$`),
      );
    });
  }

  it("gives the first line of a factory that is missing", async () => {
    await using folder = await temporaryFolder();
    expect(await placeToOpen(myFolder(folder.dir), SLUG)).toMatch(
      /system\.ts:1$/,
    );
  });
});
