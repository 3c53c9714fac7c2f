import { basename, dirname, join } from "node:path";
import { explainFullDisk } from "./disk_full.ts";
import { isRunning, processIdentity } from "./process_identity.ts";
import { randomSecret } from "./secret.ts";

/**
 * Fills the folder `target` by `build` unless it exists. Whoever looks sees all of it or nothing: it is built
 * beside and renamed, so a crash leaves no half of it and two processes may build at once.
 */
export async function buildOnce(
  target: string,
  build: (draft: string) => Promise<void>,
): Promise<string> {
  if (await exists(target)) return target;
  await removeAbandonedDrafts(target);
  const builder = await processIdentity(Deno.pid);
  const draft = `${target}.${builder}.${randomSecret().slice(0, 6)}`;
  try {
    await build(draft);
    await Deno.rename(draft, target);
  } catch (cause) {
    await Deno.remove(draft, { recursive: true }).catch(() => {}); // It may not exist yet.
    if (await exists(target)) return target; // Another process was faster.
    throw explainFullDisk(cause, target);
  }
  return target;
}

/** Drafts bear their builder's identity; those of builders that are gone will never be finished. */
async function removeAbandonedDrafts(target: string): Promise<void> {
  const prefix = `${basename(target)}.`;
  for await (const { name } of Deno.readDir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const [builder] = /^\d+\.\d+(?=\.[0-9a-f]{6}$)/
      .exec(name.slice(prefix.length)) ?? [];
    if (builder === undefined || await isRunning(builder)) continue;
    await Deno.remove(join(dirname(target), name), { recursive: true });
  }
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
