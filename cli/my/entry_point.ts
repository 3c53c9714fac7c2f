import { join } from "node:path";
import { copyDir, type MyFolder, shownPath } from "./folders.ts";

/** `path:line` of the factory, which terminals and editors turn into a link. */
export async function entryPoint(my: MyFolder, slug: string): Promise<string> {
  const path = join(copyDir(my, slug), "system.ts");
  const text = await Deno.readTextFile(path).catch(() => ""); // That it is missing is said by the run.
  const line = text.split("\n")
    .findIndex((line) => line.startsWith("export default"));
  return `${shownPath(path)}:${Math.max(line + 1, 1)}`;
}
