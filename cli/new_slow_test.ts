import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startStores } from "../grader/stores/mod.ts";
import { findWorkshop } from "../grader/workshops.ts";
import { casesOf } from "./check/cases.ts";
import { runCases } from "./check/run_cases.ts";
import { newWorkshop } from "./new.ts";
import { temporaryFolder } from "./testdata/temporary_folder.ts";

describe("newWorkshop()", () => {
  it("makes a workshop that keeps every promise from its first minute", async () => {
    await using project = await temporaryFolder();
    await Deno.mkdir(join(project.dir, "workshops"));
    await newWorkshop({ number: 7, slug: "search", projectDir: project.dir });
    await using stores = await startStores();
    const cases = await casesOf(await findWorkshop("7", project.dir), {
      solutionDir: join(project.dir, "solutions", "07-search"),
      stores: stores.address,
      seeds: 1,
    });
    const results = await runCases(cases, {
      jobs: 1,
      signal: new AbortController().signal,
      onResult: () => {},
    });
    expect(results.map(({ kind, problems }) => [kind, problems])).toEqual([
      ["structure", []],
      ["stub", []],
      ["reference", []],
      ["mutant", []],
    ]);
  });
});
