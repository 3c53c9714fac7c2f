import { join } from "node:path";

/** Editors save in steps (truncate, write, rename); what follows within this belongs to the same save. */
const DEBOUNCE_MS = 25;
/** A working watcher tells of our own probe within milliseconds; WSL and network mounts never do. */
const PROBE_MS_MAX = 500;
const POLL_MS = 250;

export interface FileWatch extends Disposable {
  /** How changes are noticed: told by the system, or by looking again and again. */
  readonly mode: "events" | "polling";
}

export interface FileWatchOptions {
  readonly onChange: () => void;
  /** For tests of the fallback. */
  readonly watchFs?: typeof Deno.watchFs;
}

/**
 * Calls `onChange` after every save of a file below `dir`. Tries first whether the system tells of changes here,
 * and looks for itself where it does not.
 */
export async function watchFiles(
  dir: string,
  { onChange, watchFs = Deno.watchFs }: FileWatchOptions,
): Promise<FileWatch> {
  let before = await signature(dir);
  let debounce: ReturnType<typeof setTimeout> | undefined;
  const look = async () => {
    const now = await signature(dir);
    if (now === before) return;
    before = now;
    onChange();
  };
  const soon = () => {
    clearTimeout(debounce);
    debounce = setTimeout(look, DEBOUNCE_MS);
  };
  const watcher = await provenWatcher(dir, watchFs);
  if (watcher === undefined) {
    const poll = setInterval(look, POLL_MS);
    return { mode: "polling", [Symbol.dispose]: () => clearInterval(poll) };
  }
  forEachEvent(watcher, soon);
  const close = () => {
    clearTimeout(debounce);
    watcher.close();
  };
  return { mode: "events", [Symbol.dispose]: close };
}

/** A watcher that has told of a file of ours, or undefined. */
async function provenWatcher(
  dir: string,
  watchFs: typeof Deno.watchFs,
): Promise<Deno.FsWatcher | undefined> {
  const probe = join(dir, ".trestle-probe");
  let watcher: Deno.FsWatcher;
  try {
    watcher = watchFs(dir);
  } catch {
    return undefined; // No watcher at all here, such as too many in use: polling works anyway.
  }
  const silence = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => silence.resolve(undefined), PROBE_MS_MAX);
  try {
    const events = watcher[Symbol.asyncIterator]();
    const told = events.next();
    await Deno.writeTextFile(probe, "");
    if (await Promise.race([told, silence.promise])) return watcher;
    watcher.close();
    return undefined;
  } finally {
    clearTimeout(timer);
    await Deno.remove(probe);
  }
}

async function forEachEvent(
  watcher: Deno.FsWatcher,
  onEvent: () => void,
): Promise<void> {
  for await (const _ of watcher) onEvent();
}

/** Changes with every save: path, size and time of each file that is not hidden. */
async function signature(dir: string): Promise<string> {
  const parts: string[] = [];
  const entries = await Array.fromAsync(Deno.readDir(dir)).catch(ifGone([]));
  for (const { name, isDirectory } of entries) {
    if (name.startsWith(".") || name === "node_modules") continue;
    const path = join(dir, name);
    if (isDirectory) {
      parts.push(await signature(path));
      continue;
    }
    const file = await Deno.stat(path).catch(ifGone(undefined));
    if (file) parts.push(`${path} ${file.size} ${file.mtime?.getTime()}`);
  }
  return parts.sort().join("\n");
}

/** Renamed away in the middle of a save, or removed; the next look sees what has become of it. */
function ifGone<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Deno.errors.NotFound) return instead;
    throw error;
  };
}
