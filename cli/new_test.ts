import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { findWorkshop } from "../grader/workshops.ts";
import { structureProblems } from "./check/structure.ts";
import { newWorkshop } from "./new.ts";
import { temporaryFolder } from "./testdata/temporary_folder.ts";

async function temporaryProject() {
  const project = await temporaryFolder();
  await Deno.mkdir(join(project.dir, "workshops"));
  return project;
}

describe("newWorkshop()", () => {
  it("makes folders whose structure check accepts", async () => {
    await using project = await temporaryProject();
    await newWorkshop({ number: 7, slug: "search", projectDir: project.dir });
    const found = await findWorkshop("7", project.dir);
    const solutionDir = join(project.dir, "solutions", "07-search");
    expect(await structureProblems(found, solutionDir)).toEqual([]);
  });

  it("refuses a number that is taken and a slug that is no slug", async () => {
    await using project = await temporaryProject();
    const { dir: projectDir } = project;
    await newWorkshop({ number: 7, slug: "search", projectDir });
    await expect(newWorkshop({ number: 7, slug: "find", projectDir }))
      .rejects.toThrow("07 is 07-search already");
    await expect(newWorkshop({ number: 8, slug: "Big Search", projectDir }))
      .rejects.toThrow('A slug is like "rate-limiter"');
  });
});

describe("structureProblems()", () => {
  it("names what is missing", async () => {
    await using project = await temporaryProject();
    await newWorkshop({ number: 7, slug: "search", projectDir: project.dir });
    const found = await findWorkshop("7", project.dir);
    const solutionDir = join(project.dir, "solutions", "07-search");
    await project.write("workshops/07-search/README.md", "# 07\n");
    await project.write("workshops/07-search/hints/1.md", "## Nudge\n\nx\n");
    await project.write("workshops/07-search/more.ts", "");
    await Deno.remove(join(found.dir, "tests/1_greeting_test.ts"));
    await Deno.remove(join(solutionDir, "mutants"), { recursive: true });
    expect(await structureProblems(found, solutionDir)).toEqual([
      'README.md has no section "### 07.1 Greeting"',
      'workshops/07-search/hints/1.md needs "## Nudge", "## Concept", "## Near-code", each with a text (it has "## Nudge")',
      "tests/1_greeting_test.ts is missing",
      "Stage 1 has no mutant: what would it catch that nothing else does?",
      "more.ts is in the stub, not in the reference",
    ]);
  });
});
