import { dirname, join } from "node:path";
import type { SubmissionFiles } from "@contract/submission.ts";

/** A folder of code is small; one with more than this is not what a learner meant. */
const FILES_MAX = 500;

/** What a submission may hold; anything else in the folder is none of our business. */
const CODE = /\.(?:ts|json|sql|lua|md)$/;

/**
 * The code below a folder by relative path; hidden files, links and node_modules are left out.
 * An absent folder has none.
 */
export async function readFiles(dir: string): Promise<SubmissionFiles> {
  const paths: string[] = [];
  await collect(dir, "", paths);
  const texts = await Promise.all(
    paths.map((path) => Deno.readTextFile(join(dir, path))),
  );
  return Object.fromEntries(paths.map((path, index) => [path, texts[index]!]));
}

/** Writes files into a folder, making it and its subfolders. */
export async function writeFiles(
  dir: string,
  files: SubmissionFiles,
): Promise<void> {
  await Deno.mkdir(dir, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
    await Deno.writeTextFile(join(dir, path), text);
  }
}

/** Makes a folder hold exactly `files`; what `readFiles` leaves out stays. */
export async function replaceFiles(
  dir: string,
  files: SubmissionFiles,
): Promise<void> {
  for (const path of Object.keys(await readFiles(dir))) {
    if (!Object.hasOwn(files, path)) await Deno.remove(join(dir, path));
  }
  await writeFiles(dir, files);
}

async function collect(
  root: string,
  folder: string,
  paths: string[],
): Promise<void> {
  for (const entry of await listed(join(root, folder))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory) await collect(root, path, paths);
    else if (entry.isFile && CODE.test(path)) paths.push(path);
    if (paths.length > FILES_MAX) {
      throw new RangeError(
        `A workshop's folder may hold ${FILES_MAX} files; ${root} holds more`,
      );
    }
  }
}

async function listed(dir: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(dir));
    return entries.sort((left, right) => left.name < right.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
