import { join } from "node:path";

/**
 * Removes a folder in which a system under test could write, if it is still there. Without root it is ours as much
 * as the system's, which may have taken away the right to look into parts of it.
 */
export async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    await openUp(folder);
    await Deno.remove(folder, { recursive: true });
  }
}

async function openUp(folder: string): Promise<void> {
  await Deno.chmod(folder, 0o700);
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await openUp(join(folder, name));
  }
}
