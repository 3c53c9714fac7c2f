import { join } from "node:path";
import { findKitFolder } from "../stores/mod.ts";

/**
 * Makes `parts` in the kit's folder for sandboxes and gives its path. Others may pass through but not list, whatever
 * our umask and whoever made it first: the sandbox's account must reach the bundle in it.
 */
export function sandboxFolder(...parts: string[]): string {
  let folder = findKitFolder();
  for (const part of ["", "sandbox", ...parts]) {
    folder = join(folder, part);
    Deno.mkdirSync(folder, { recursive: true });
    const { mode } = Deno.statSync(folder);
    if (((mode ?? 0) & 0o001) === 0) Deno.chmodSync(folder, 0o711);
  }
  return folder;
}
