import { join } from "node:path";
import type { SubmissionFiles } from "@contract/submission.ts";
import type { MyFolder } from "./folders.ts";
import { readFiles, writeFiles } from "./files.ts";

/** Kept per workshop; of what runs left, the oldest go first. */
const SNAPSHOTS_MAX = 100;

/** An earlier version of a learner's files. */
export interface Snapshot {
  /** "2026-01-31T10-20-30-400Z": when it was taken. Its folder is called so, and why: "…Z-failed-at-02.4". */
  readonly name: string;
  readonly takenAt: Date;
  /** An outcome ("passed-8-of-8", "failed-at-02.4"), "before-reset" or "before-restore". */
  readonly reason: string;
  readonly dir: string;
}

/**
 * Keeps the files as they are now, unless the newest snapshot holds the same for the same reason. Gives the snapshot
 * that holds them; undefined when there are no files.
 */
export async function takeSnapshot(
  my: MyFolder,
  { slug, files, reason }: {
    readonly slug: string;
    readonly files: SubmissionFiles;
    readonly reason: string;
  },
): Promise<Snapshot | undefined> {
  if (Object.keys(files).length === 0) return undefined;
  const snapshots = await listSnapshots(my, slug);
  const newest = snapshots[0];
  if (newest?.reason === reason && isSame(await readFiles(newest.dir), files)) {
    return newest;
  }
  const takenAt = new Date();
  const name = takenAt.toISOString().replaceAll(/[:.]/g, "-");
  const dir = join(historyDir(my, slug), `${name}-${reason}`);
  await writeFiles(dir, files);
  for (const { dir } of expendable(snapshots).slice(SNAPSHOTS_MAX - 1)) {
    await Deno.remove(dir, { recursive: true });
  }
  return { name, takenAt, reason, dir };
}

/** All but the last that passed and what a command has put aside: a learner was told that it is there. */
function expendable(snapshots: readonly Snapshot[]): Snapshot[] {
  const lastPassed = snapshots.find(({ reason }) =>
    reason.startsWith("passed")
  );
  return snapshots.filter((snapshot) =>
    snapshot !== lastPassed && !snapshot.reason.startsWith("before-")
  );
}

/** Every snapshot of a workshop, the newest first. */
export async function listSnapshots(
  my: MyFolder,
  slug: string,
): Promise<Snapshot[]> {
  const history = historyDir(my, slug);
  const snapshots: Snapshot[] = [];
  try {
    for await (const { name } of Deno.readDir(history)) {
      const snapshot = parseName(name, history);
      if (snapshot !== undefined) snapshots.push(snapshot);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return snapshots.sort((left, right) => left.name < right.name ? 1 : -1);
}

/** Equal names and equal texts. */
export function isSame(left: SubmissionFiles, right: SubmissionFiles): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length &&
    names.every((name) => left[name] === right[name]);
}

const NAME =
  /^(?<day>\d{4}-\d\d-\d\d)T(?<hour>\d\d)-(?<minute>\d\d)-(?<second>\d\d)-(?<ms>\d{3})Z-(?<reason>[a-z_-][a-z0-9._-]*)$/;

function parseName(folder: string, history: string): Snapshot | undefined {
  const parts = NAME.exec(folder)?.groups;
  if (parts === undefined) return undefined; // Not ours: leave it alone.
  const { day, hour, minute, second, ms, reason } = parts;
  return {
    name: folder.slice(0, folder.indexOf("Z") + 1),
    takenAt: new Date(`${day}T${hour}:${minute}:${second}.${ms}Z`),
    reason: reason!,
    dir: join(history, folder),
  };
}

function historyDir(my: MyFolder, slug: string): string {
  return join(my.dir, ".history", slug);
}
