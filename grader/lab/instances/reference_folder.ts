import { copyReadable } from "../../sandbox/mod.ts";

/** Beside the reference's code: wrong and other right solutions. */
const OTHER_SOLUTIONS = ["mutants", "alternatives"];

/** The code of a reference, for the time that it runs. */
export interface ReferenceFolder extends AsyncDisposable {
  readonly path: string;
}

/** Copies the reference to where submissions lie: a sandbox may not get into the project. */
export async function copyReference(
  referenceDir: string,
  runDir: string,
): Promise<ReferenceFolder> {
  await using opened = new AsyncDisposableStack();
  const path = await Deno.makeTempDir({ dir: runDir, prefix: "reference-" });
  opened.defer(() => Deno.remove(path, { recursive: true }));
  await copyReadable(referenceDir, path, { leftOut: OTHER_SOLUTIONS });
  const kept = opened.move();
  return { path, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
