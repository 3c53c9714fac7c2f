import { join } from "node:path";
import type { Workshop } from "@contract/manifest.ts";
import type { FoundWorkshop } from "../../grader/workshops.ts";
import { readHints } from "../my/hints.ts";
import { readStub } from "../my/stub.ts";
import { readReference } from "../solutions.ts";
import { applyMutant, type Mutant, readMutants } from "./mutants.ts";

/** Kinds of stage in which one right technique could be mistaken for the only one. */
const NEEDS_ALTERNATIVES = new Set(["race", "fault"]);

/** What is missing in a workshop's folders, before anything is run; each a sentence. */
export async function structureProblems(
  found: FoundWorkshop,
  solutionDir: string,
): Promise<string[]> {
  const problems = await Promise.all([
    readmeProblems(found),
    hintProblems(found),
    testFileProblems(found),
    mutantProblems(found.workshop, solutionDir),
    alternativeProblems(found.workshop, solutionDir),
    debriefProblems(solutionDir),
    fileProblems(found, solutionDir),
  ]);
  return problems.flat();
}

/** A section a stage: "### 02.1 Shorten and redirect". */
async function readmeProblems({ dir, workshop }: FoundWorkshop) {
  const readme = await textOf(join(dir, "README.md"));
  if (readme === undefined) return ["README.md is missing"];
  return workshop.stages
    .map(({ number, title }) => `### ${workshop.number}.${number} ${title}`)
    .filter((heading) => !readme.includes(`\n${heading}\n`))
    .map((heading) => `README.md has no section "${heading}"`);
}

async function hintProblems(found: FoundWorkshop): Promise<string[]> {
  const problems: string[] = [];
  for (const stage of found.workshop.stages) {
    try {
      await readHints(found, stage);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return problems;
}

async function testFileProblems({ dir, workshop }: FoundWorkshop) {
  const problems: string[] = [];
  for (const { number, slug } of workshop.stages) {
    const name = `tests/${number}_${slug}_test.ts`;
    if (await textOf(join(dir, name)) === undefined) {
      problems.push(`${name} is missing`);
    }
  }
  return problems;
}

async function mutantProblems(
  { stages }: Workshop,
  solutionDir: string,
): Promise<string[]> {
  let mutants: Mutant[];
  try {
    mutants = await readMutants(solutionDir);
  } catch (error) {
    return [(error as Error).message];
  }
  const checks = new Set(stages.flatMap(({ checks }) => checks));
  const reference = await readReference(solutionDir);
  const problems: string[] = [];
  for (const mutant of mutants) {
    if (!checks.has(mutant.check)) {
      problems.push(
        `mutants/${mutant.name}.patch names no check of ours: ${mutant.check}`,
      );
    }
    try {
      applyMutant(mutant, reference);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  const named = new Set(mutants.map(({ check }) => check));
  const idle = stages
    .filter(({ checks }) => !checks.some((id) => named.has(id)))
    .map(({ number }) =>
      `Stage ${number} has no mutant: what would it catch that nothing else does?`
    );
  return [...problems, ...idle];
}

async function alternativeProblems(
  { stages }: Workshop,
  solutionDir: string,
): Promise<string[]> {
  const isAtRisk = stages
    .some(({ kinds }) => kinds.some((kind) => NEEDS_ALTERNATIVES.has(kind)));
  const { length: count } = await alternativesIn(solutionDir);
  return isAtRisk && count < 2
    ? [`Stages of races and faults need 2 alternatives; there are ${count}`]
    : [];
}

/** What else would have worked is shown by the alternatives, so the debrief leads to each of them. */
async function debriefProblems(solutionDir: string): Promise<string[]> {
  const debrief = await textOf(join(solutionDir, "NOTES.md"));
  if (debrief === undefined) return ["NOTES.md, the debrief, is missing"];
  const told: readonly string[] = debrief.match(/(?<=alternatives\/)\w+/g) ??
    [];
  const there = await alternativesIn(solutionDir);
  return [
    ...told.filter((name) => !there.includes(name))
      .map((name) =>
        `NOTES.md tells of alternatives/${name}, which is missing`
      ),
    ...there.filter((name) => !told.includes(name))
      .map((name) => `NOTES.md does not tell of alternatives/${name}`),
  ];
}

/** Stub and reference have the same files, so that the stub leads to the reference. */
async function fileProblems(
  found: FoundWorkshop,
  solutionDir: string,
): Promise<string[]> {
  const stub = Object.keys(await readStub(found));
  const reference = Object.keys(await readReference(solutionDir))
    .filter((path) => path.endsWith(".ts"));
  const onlyIn = (some: string[], others: string[]) =>
    some.filter((path) => !others.includes(path));
  return [
    ...onlyIn(stub, reference)
      .map((path) => `${path} is in the stub, not in the reference`),
    ...onlyIn(reference, stub)
      .map((path) => `${path} is in the reference, not in the stub`),
  ];
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function alternativesIn(solutionDir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    const dir = Deno.readDir(join(solutionDir, "alternatives"));
    for await (const { name, isDirectory } of dir) {
      if (isDirectory) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}
