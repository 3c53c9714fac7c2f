import { join } from "node:path";
import { readFiles } from "./files.ts";
import { copyDir, type MyFolder, shownPath } from "./folders.ts";

/**
 * `path:line`, which terminals and editors turn into a link: of the stub that a hint is about ("Not built yet. Stage
 * 01.1 Estimator: work it out in estimate.ts"), else of the factory.
 */
export async function placeToOpen(
  my: MyFolder,
  slug: string,
  hint = "",
): Promise<string> {
  const dir = copyDir(my, slug);
  const files = Object.entries(await readFiles(dir));
  const toBuild = hint.split(": ")[1];
  const stub = toBuild && files.find(([, text]) => text.includes(toBuild));
  const [path, text] = stub || files.find(isEntry) || ["system.ts", ""];
  const telling = stub ? toBuild! : "export default";
  const before = text.slice(0, Math.max(text.indexOf(telling), 0));
  return `${shownPath(join(dir, path))}:${before.split("\n").length}`;
}

function isEntry([path]: [path: string, text: string]): boolean {
  return path === "system.ts";
}
