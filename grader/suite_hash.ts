import { createHash } from "node:crypto";
import { join } from "node:path";

/** Hash of a workshop's manifest and tests: equal hashes mean the same checks. */
export async function suiteHash(workshopDir: string): Promise<string> {
  const tests = join(workshopDir, "tests");
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(tests)) {
    if (isFile) names.push(name);
  }
  const paths = [
    join(workshopDir, "workshop.json"),
    ...names.sort().map((name) => join(tests, name)),
  ];
  const hash = createHash("sha256");
  for (
    const bytes of await Promise.all(paths.map((path) => Deno.readFile(path)))
  ) {
    hash.update(`${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex").slice(0, 16);
}
