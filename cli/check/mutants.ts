import { join } from "node:path";
import { applyPatch, parsePatch } from "diff";
import type { SubmissionFiles } from "@contract/submission.ts";
import type { CheckStatus } from "@contract/verdict.ts";

/** Lines that may have moved since the patch was made. */
const FUZZ_MAX = 2;

/** A plausible but wrong solution: the reference with one mistake, and the one check that must notice it. */
export interface Mutant {
  readonly name: string;
  /** "02.3a" */
  readonly check: string;
  /** How the check may end: `fail` unless the header says otherwise ("Status: fail, error"). */
  readonly statuses: readonly CheckStatus[];
  readonly why: string;
  readonly patch: string;
}

/** The mutants of a solution's folder, from `mutants/<name>.patch`. Throws a TypeError at a broken header. */
export async function readMutants(solutionDir: string): Promise<Mutant[]> {
  const dir = join(solutionDir, "mutants");
  const mutants: Mutant[] = [];
  for (const name of await patchNames(dir)) {
    const text = await Deno.readTextFile(join(dir, name));
    mutants.push(parseMutant(name.replace(/\.patch$/, ""), text));
  }
  return mutants;
}

/** Header lines, an empty line, then a unified diff against the reference. */
export function parseMutant(name: string, text: string): Mutant {
  const end = text.indexOf("\n\n");
  const header = new Map(
    text.slice(0, end).split("\n").map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const [check, why] = [header.get("Check"), header.get("Why")];
  if (end < 0 || !check || !why) {
    throw new TypeError(
      `mutants/${name}.patch must begin with "Check: 02.3a", "Why: …" and an empty line`,
    );
  }
  const statuses = (header.get("Status") ?? "fail")
    .split(/,\s*/) as CheckStatus[];
  return { name, check, why, statuses, patch: text.slice(end + 2) };
}

/** The reference with the mutant's mistake. Throws a RangeError when the patch no longer applies. */
export function applyMutant(
  { name, patch }: Mutant,
  reference: SubmissionFiles,
): SubmissionFiles {
  const files: Record<string, string> = { ...reference };
  for (const part of parsePatch(patch)) {
    const path = part.newFileName ?? "";
    const source = files[path];
    const changed = source === undefined
      ? false
      : applyPatch(source, part, { fuzzFactor: FUZZ_MAX });
    if (changed === false || changed === source) {
      throw new RangeError(
        `mutants/${name}.patch no longer applies to ${JSON.stringify(path)}: ` +
          "make it anew with diff -u",
      );
    }
    files[path] = changed;
  }
  return files;
}

async function patchNames(dir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(dir)) {
      if (name.endsWith(".patch")) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}
