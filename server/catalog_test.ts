import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { readCatalog } from "./catalog.ts";

const TESTDATA = new URL("./testing/testdata/", import.meta.url).pathname;

describe("readCatalog()", () => {
  it("finds workshops with what people read about them", async () => {
    const catalog = await readCatalog(TESTDATA, () => {});
    const entry = catalog.find("91-echo")!;
    expect(entry.workshop).toMatchObject({ number: "91", title: "Echo" });
    expect(await catalog.brief("91-echo")).toContain("# Echo");
    expect(await catalog.hints("91-echo", 1)).toHaveLength(3);
    expect(await catalog.hints("91-echo", 2)).toEqual([]);
    expect(await catalog.debrief("91-echo")).toContain("idempotent");
  });

  it("reports a broken manifest and goes on without it", async () => {
    const root = await Deno.makeTempDir();
    for (const slug of ["01-whole", "02-broken"]) {
      await Deno.mkdir(join(root, "workshops", slug, "tests"), {
        recursive: true,
      });
    }
    await Deno.writeTextFile(
      join(root, "workshops/01-whole/workshop.json"),
      `{"stages": []}`,
    );
    await Deno.writeTextFile(
      join(root, "workshops/02-broken/workshop.json"),
      "{",
    );
    const reported: unknown[] = [];
    const catalog = await readCatalog(
      root,
      (_level, event, fields) => reported.push([event, fields!.slug]),
    );
    expect(catalog.entries.map(({ workshop }) => workshop.slug))
      .toEqual(["01-whole"]);
    expect(reported).toEqual([["workshop_unreadable", "02-broken"]]);
    await Deno.remove(root, { recursive: true });
  });

  for (const changed of ["workshops/01-x/tests/1_test.ts", "grader/lab.ts"]) {
    it(`gives another hash when ${changed} changes`, async () => {
      const root = await Deno.makeTempDir();
      const tests = join(root, "workshops/01-x/tests");
      await Deno.mkdir(tests, { recursive: true });
      await Deno.mkdir(join(root, "grader"));
      await Deno.writeTextFile(
        join(tests, "../workshop.json"),
        `{"stages": []}`,
      );
      const hash = async () =>
        (await readCatalog(root, () => {})).find("01-x")!.suiteHash;
      await Deno.writeTextFile(join(root, changed), "one");
      const before = await hash();
      await Deno.writeTextFile(join(root, changed), "two");
      expect(await hash()).not.toBe(before);
      await Deno.remove(root, { recursive: true });
    });
  }
});
