import { join } from "node:path";

export type StartLock =
  & Disposable
  & (
    | { readonly status: "held" }
    /** `pid` is 0 for the moment before the holder has written it down. */
    | { readonly status: "taken"; readonly pid: number }
  );

/**
 * Makes sure that one `start` runs per kit folder. The kernel holds the lock for as long as the file is open, so
 * a start that was killed leaves none behind; the pid inside is for people only.
 */
export async function takeStartLock(kitFolder: string): Promise<StartLock> {
  const path = join(kitFolder, "start.lock");
  const file = await Deno.open(path, { create: true, write: true });
  const closing = { [Symbol.dispose]: () => file.close() };
  if (!await file.tryLock(true)) {
    const pid = Number(await Deno.readTextFile(path));
    return { status: "taken", pid, ...closing };
  }
  await file.truncate();
  await file.write(new TextEncoder().encode(String(Deno.pid)));
  return { status: "held", ...closing };
}
