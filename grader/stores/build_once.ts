import { processIdentity } from "./process_identity.ts";

/**
 * Fills the folder `target` by `build` unless it exists. Whoever looks sees all of it or nothing: it is built
 * beside and renamed, so a crash leaves no half of it and two processes may build at once.
 */
export async function buildOnce(
  target: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  if (await exists(target)) return target;
  const draft = `${target}.${await processIdentity(Deno.pid)}`;
  await Deno.remove(draft, { recursive: true }).catch(() => {}); // Left by a failed try of ours.
  await build(draft);
  try {
    await Deno.rename(draft, target);
  } catch (cause) {
    await Deno.remove(draft, { recursive: true });
    if (!await exists(target)) throw cause;
  }
  return target;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
