import { join } from "node:path";
import { writeFiles } from "../my/files.ts";

/** A folder of a test's own, with files in it. Removed on dispose. */
export async function temporaryFolder(
  files: Readonly<Record<string, string>> = {},
): Promise<
  {
    readonly dir: string;
    readonly read: (path: string) => Promise<string>;
    readonly write: (path: string, text: string) => Promise<void>;
  } & AsyncDisposable
> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-cli-" });
  await writeFiles(dir, files);
  return {
    dir,
    read: (path) => Deno.readTextFile(join(dir, path)),
    write: (path, text) => Deno.writeTextFile(join(dir, path), text),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
