import { join } from "node:path";
import {
  isRunning,
  pidOf,
  processIdentity,
} from "../../grader/stores/process_identity.ts";

export type StartLock =
  | ({ readonly status: "held" } & AsyncDisposable)
  | { readonly status: "taken"; readonly pid: number };

/**
 * Makes sure that one `start` runs per kit folder. The lock names its holder by pid and start time: one that was
 * killed is recognized even when its pid belongs to somebody else by now.
 */
export async function takeStartLock(kitFolder: string): Promise<StartLock> {
  const path = join(kitFolder, "start.lock");
  const identity = (await processIdentity(Deno.pid))!;
  const draft = `${path}.${identity}`;
  await Deno.writeTextFile(draft, identity);
  try {
    // A link is made with its content or not at all, and never over another.
    while (!await tryLink(draft, path)) {
      const holder = await Deno.readTextFile(path).catch(() => "");
      if (await isRunning(holder)) {
        return { status: "taken", pid: pidOf(holder) };
      }
      await Deno.remove(path).catch(() => {}); // Another start may be as fast.
    }
  } finally {
    await Deno.remove(draft);
  }
  return {
    status: "held",
    [Symbol.asyncDispose]: () => Deno.remove(path),
  };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await Deno.link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
