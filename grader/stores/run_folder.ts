import { join } from "node:path";
import { makePassableFolder } from "./account.ts";
import { freeBytes } from "./free_bytes.ts";
import { endProcess } from "./owned_process.ts";
import { isRunning, processIdentity } from "./process_identity.ts";
import { removeFolder } from "./remove_folder.ts";
import { randomSecret } from "./secret.ts";

/** A cluster takes 40 MB and each run 10 to 100; a container's usual /dev/shm has 64. */
const MEMORY_BYTES_MIN = 512 * 1024 * 1024;
/** What is left of a socket's 103 bytes once our own names are taken off. */
const TMPDIR_LENGTH_MAX = 24;

/** Folder of one owner's throw-away files, gone with it. */
export interface RunFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a folder for throw-away data, on memory where there is enough of it, and removes those whose owner is
 * gone. Its name begins with the owner's identity: from the first moment everybody can tell if it is in use.
 *
 * Only for what no sandboxed program touches: Deno refuses it everything below /dev.
 */
export async function makeMemoryFolder(): Promise<
  RunFolder & { readonly isInMemory: boolean }
> {
  const inMemory = await freeBytes("/dev/shm") ?? 0;
  const isInMemory = inMemory >= MEMORY_BYTES_MIN;
  const folder = await makeFolderIn(isInMemory ? "/dev/shm" : diskFolder());
  return { ...folder, isInMemory };
}

/** The same on disk: for sockets and small files of runs. */
export async function makeRunFolder(): Promise<RunFolder> {
  return await makeFolderIn(diskFolder());
}

async function makeFolderIn(parent: string): Promise<RunFolder> {
  const base = await makeBaseFolder(parent);
  await sweep(base);
  const owner = await processIdentity(Deno.pid);
  const path = join(base, `${owner}.${randomSecret().slice(0, 6)}`);
  await makePassableFolder(path);
  await Deno.mkdir(join(path, "processes"), { mode: 0o700 });
  return { path, [Symbol.asyncDispose]: () => removeRunFolder(path) };
}

/** Ends every process recorded in the folder, then removes it. */
async function removeRunFolder(path: string): Promise<void> {
  const records = join(path, "processes");
  for (const identity of await namesIn(records)) {
    await endProcess(identity);
  }
  await removeFolder(path);
}

async function sweep(base: string): Promise<void> {
  for (const name of await namesIn(base)) {
    const [owner] = /^\d+\.\d+(?=\.\w+$)/.exec(name) ?? [];
    if (owner === undefined || await isRunning(owner)) continue;
    // Another start may sweep the same folder at this moment; what is left over, the next one takes.
    await removeRunFolder(join(base, name)).catch(() => {});
  }
}

/** One per user, so that nobody can lay traps in another's. */
async function makeBaseFolder(parent: string): Promise<string> {
  const base = join(await Deno.realPath(parent), `trestle-${Deno.uid()}`);
  await makePassableFolder(base);
  const { uid, isDirectory } = await Deno.lstat(base);
  if (isDirectory && uid === Deno.uid()) return base;
  throw new Error(
    `Throw-away stores need the folder ${base} to be yours; it belongs to uid ${uid}. ` +
      `Remove it, or set TMPDIR to a folder of your own`,
  );
}

/** TMPDIR, unless sockets in there would have too long a path, as with macOS's own. */
function diskFolder(): string {
  const chosen = Deno.env.get("TMPDIR") ?? "";
  return chosen !== "" && chosen.length <= TMPDIR_LENGTH_MAX ? chosen : "/tmp";
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) =>
      name
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
