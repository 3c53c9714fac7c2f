import { join } from "node:path";

/** Beside the reference's code: wrong and other right solutions. */
const OTHER_SOLUTIONS = ["mutants", "alternatives"];

/** The code of a reference, for the time that it runs. */
export interface ReferenceFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Copies the reference to where submissions lie: a sandbox's account gets there, but not into a project that its
 * owner keeps to themselves.
 */
export async function copyReference(
  referenceDir: string,
  runDir: string,
): Promise<ReferenceFolder> {
  await using opened = new AsyncDisposableStack();
  const path = await Deno.makeTempDir({ dir: runDir, prefix: "reference-" });
  opened.defer(() => Deno.remove(path, { recursive: true }));
  await Deno.chmod(path, 0o755);
  await copyFolder(referenceDir, path, OTHER_SOLUTIONS);
  const kept = opened.move();
  return { path, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Writes files and folders anew: their rights are those of whoever copies, not those of the project. */
async function copyFolder(
  from: string,
  to: string,
  leftOut: readonly string[] = [],
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (leftOut.includes(name)) continue;
    const copy = join(to, name);
    if (isDirectory) {
      await Deno.mkdir(copy);
      await copyFolder(join(from, name), copy);
    } else {
      await Deno.writeFile(copy, await Deno.readFile(join(from, name)));
    }
  }
}
