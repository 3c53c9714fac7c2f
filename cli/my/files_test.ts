import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { readFiles, replaceFiles } from "./files.ts";

describe("readFiles()", () => {
  it("reads code in folders, and neither hidden files, links nor pictures", async () => {
    await using folder = await temporaryFolder({
      "system.ts": "1",
      "limits/bucket.ts": "2",
      ".env": "secret",
      "node_modules/x/index.ts": "3",
      "photo.png": "4",
    });
    await Deno.symlink("/etc/passwd", join(folder.dir, "leak.ts"));
    expect(await readFiles(folder.dir))
      .toEqual({ "system.ts": "1", "limits/bucket.ts": "2" });
  });

  it("has none in a folder that is not there", async () => {
    expect(await readFiles("/nowhere/at/all")).toEqual({});
  });
});

describe("replaceFiles()", () => {
  it("removes code that is not wanted and leaves what is not code", async () => {
    await using folder = await temporaryFolder({
      "old.ts": "1",
      "system.ts": "2",
      "photo.png": "4",
    });
    await replaceFiles(folder.dir, { "system.ts": "new", "a/b.ts": "5" });
    expect(await readFiles(folder.dir))
      .toEqual({ "system.ts": "new", "a/b.ts": "5" });
    expect(await folder.read("photo.png")).toBe("4");
  });
});
