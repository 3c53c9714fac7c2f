import { join } from "node:path";

/**
 * Copies files and folders so that a sandbox's account can read them, whatever our umask and their own rights. A
 * project may lie where only root gets: code that is to run on the class floor has to be taken out of it.
 */
export async function copyReadable(
  from: string,
  to: string,
  { leftOut = [] }: { readonly leftOut?: readonly string[] } = {},
): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  await Deno.chmod(to, 0o755);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (leftOut.includes(name)) continue;
    const original = join(from, name);
    const copy = join(to, name);
    if (isDirectory) {
      await copyReadable(original, copy);
    } else {
      await Deno.copyFile(original, copy);
      await Deno.chmod(copy, 0o644);
    }
  }
}
