import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makePassableFolder } from "./account.ts";

/**
 * The one folder where the kit keeps what it made or fetched: store binaries, templates, the grades.
 *
 * - `TRESTLE_DIR`, when set (a container's volume);
 * - root: `/var/lib/trestle/<project>-<hash>`, since the stores drop to another account, which could not
 *   enter a project under `/root`;
 * - else `.trestle` in the project.
 */
export function findKitFolder(): string {
  const chosen = Deno.env.get("TRESTLE_DIR");
  if (chosen) return resolve(chosen);
  const project = fileURLToPath(new URL("../../", import.meta.url));
  if (Deno.uid() !== 0) return join(project, ".trestle");
  const hash = createHash("sha256").update(project).digest("hex").slice(0, 8);
  return join("/var/lib/trestle", `${basename(project)}-${hash}`);
}

/** Makes the folder `parts` inside the kit's, if it is missing, and gives its path. */
export async function makeKitFolder(...parts: string[]): Promise<string> {
  const folder = join(findKitFolder(), ...parts);
  await makePassableFolder(folder);
  return folder;
}
