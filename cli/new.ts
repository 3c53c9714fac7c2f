import { join } from "node:path";
import { findWorkshops, PROJECT_DIR } from "../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { writeFiles } from "./my/files.ts";
import { newWorkshopFiles } from "./new_workshop_files.ts";

export interface NewOptions {
  readonly number: number;
  /** "rate-limiter" */
  readonly slug: string;
  /** Where workshops/ and solutions/ lie; the project unless a test says otherwise. */
  readonly projectDir?: string;
}

/** `deno task new n slug`: both folders of a workshop, complete enough that `check` accepts their structure. */
export async function newWorkshop(
  { number, slug, projectDir = PROJECT_DIR }: NewOptions,
): Promise<ExitCode> {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(slug)) {
    throw new UsageError(`A slug is like "rate-limiter", not "${slug}"`);
  }
  if (number < 1 || number > 99) {
    throw new UsageError(`A workshop's number is 1 to 99, not ${number}`);
  }
  const padded = String(number).padStart(2, "0");
  const taken = (await findWorkshops(projectDir))
    .find(({ workshop }) => workshop.number === padded);
  if (taken !== undefined) {
    throw new UsageError(`${padded} is ${taken.workshop.slug} already`);
  }
  const folder = `${padded}-${slug}`;
  const { workshop, solution } = newWorkshopFiles(padded, slug);
  await writeFiles(join(projectDir, "workshops", folder), workshop);
  await writeFiles(join(projectDir, "solutions", folder), solution);
  console.log(
    `Made workshops/${folder} and solutions/${folder}\n` +
      `Next: deno task check ${number}, then docs/AUTHORING.md`,
  );
  return EXIT.passed;
}
