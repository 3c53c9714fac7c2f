import { join } from "node:path";
import { freeBytes } from "../free_bytes.ts";
import { makeKitFolder } from "../kit_folder.ts";
import { makeMemoryFolder } from "../run_folder.ts";
import type { Probe } from "./types.ts";

const MEGABYTE = 1024 * 1024;
/** A file system that tells its changes at all tells them within milliseconds. */
const WATCH_MS_MAX = 2_000;

/** Whether the kit's folder has room: binaries and templates take 200 MB, grades grow. */
export async function probeDisk(): Promise<Probe> {
  const folder = await makeKitFolder();
  const free = await freeBytes(folder) ?? 0;
  return judgeSpace("Free disk", {
    megabytes: Math.floor(free / MEGABYTE),
    place: `in ${folder}`,
    enough: 1_000,
    least: 300,
    fix: "Free some space, or set TRESTLE_DIR to a folder with more",
  });
}

/** Whether there is memory for three instances, both stores and the judge. */
export function probeMemory(): Probe {
  return judgeSpace("Free memory", {
    megabytes: Math.floor(Deno.systemMemoryInfo().available / MEGABYTE),
    place: "on this machine",
    enough: 1_500,
    least: 700,
    fix: "Close other programs",
  });
}

/** Whether throw-away stores live in memory: on a disk, each database costs up to 0.5 s instead of 12 ms. */
export async function probeRunFolder(): Promise<Probe> {
  const name = "Run folder";
  try {
    await using folder = await makeMemoryFolder();
    if (folder.isInMemory) {
      return { name, status: "ok", detail: `${folder.path} is in memory` };
    }
    return {
      name,
      status: "warn",
      detail: `${folder.path} is on disk: slower, as /dev/shm is small`,
      fix: "In Docker: --shm-size=1g",
    };
  } catch (error) {
    return { name, status: "fail", detail: (error as Error).message };
  }
}

/** Whether a saved file in `folder` is noticed; some mounted and shared folders never tell. */
export async function probeWatching(folder?: string): Promise<Probe> {
  const name = "File watching";
  const watched = await Deno.makeTempDir({
    dir: folder ?? await makeKitFolder(),
  });
  try {
    const isNoticed = await noticesChange(watched);
    return isNoticed
      ? { name, status: "ok", detail: "changes are noticed at once" }
      : {
        name,
        status: "warn",
        detail: `${watched} does not tell its changes: --watch polls instead`,
        fix: "Keep the project on a local disk, in WSL inside Linux",
      };
  } finally {
    await Deno.remove(watched, { recursive: true });
  }
}

async function noticesChange(folder: string): Promise<boolean> {
  using watcher = Deno.watchFs(folder);
  const change = watcher[Symbol.asyncIterator]().next();
  await Deno.writeTextFile(join(folder, "saved"), "");
  const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), WATCH_MS_MAX);
  const first = await Promise.race([change, tooLate]);
  clearTimeout(timer);
  return first?.done === false;
}

interface Space {
  readonly megabytes: number;
  /** "on this machine" */
  readonly place: string;
  /** Megabytes from which all is well. */
  readonly enough: number;
  /** Megabytes below which things fail. */
  readonly least: number;
  readonly fix: string;
}

/** Exported for its tests: a full disk is hard to come by. */
export function judgeSpace(
  name: string,
  { megabytes, place, enough, least, fix }: Space,
): Probe {
  const detail = `${megabytes} MB ${place}`;
  if (megabytes >= enough) return { name, status: "ok", detail };
  return {
    name,
    status: megabytes >= least ? "warn" : "fail",
    detail: `${detail}; ${enough} MB are comfortable, ${least} MB needed`,
    fix,
  };
}
