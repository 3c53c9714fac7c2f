import { basename } from "node:path";
import { findWorkshop } from "../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { readFiles, replaceFiles } from "./my/files.ts";
import { copyDir, myFolder, shownPath } from "./my/folders.ts";
import { listSnapshots, type Snapshot, takeSnapshot } from "./my/snapshots.ts";
import { paint } from "./terminal/paint.ts";

/** Shown of the list; older ones can still be named. */
const LISTED_MAX = 20;

/** "output limit at 02.4" is the widest. */
const OUTCOME_WIDTH = 20;

export interface RestoreOptions {
  readonly name: string;
  /** Place in the list (1 is the newest), or a snapshot's name or folder; absent: show the list. */
  readonly which?: string;
  readonly my?: string;
}

/** `deno task restore n [which]`: lists earlier versions of the files, or brings one back. */
export async function restore(options: RestoreOptions): Promise<ExitCode> {
  const { workshop: { slug, number } } = await findWorkshop(options.name);
  const my = myFolder(options.my);
  const snapshots = await listSnapshots(my, slug);
  const { which } = options;
  if (which === undefined) {
    console.log(listText(snapshots, Number(number)));
    return EXIT.passed;
  }
  const chosen = snapshots[Number(which) - 1] ??
    snapshots.find(({ name, dir }) =>
      which === name || which === basename(dir)
    );
  if (chosen === undefined) {
    throw new UsageError(
      `There is no version ${JSON.stringify(which)} of ${slug}; ` +
        `there are ${snapshots.length}, the newest is 1 ` +
        `(deno task restore ${Number(number)} lists them)`,
    );
  }
  const dir = copyDir(my, slug);
  const files = await readFiles(chosen.dir);
  const reason = "before-restore";
  await takeSnapshot(my, { slug, files: await readFiles(dir), reason });
  await replaceFiles(dir, files);
  console.log(`${shownPath(dir)} is as of ${line(chosen)}`);
  return EXIT.passed;
}

function listText(snapshots: readonly Snapshot[], number: number): string {
  if (snapshots.length === 0) {
    return "No earlier versions yet: every verdict keeps one";
  }
  const lines = snapshots.slice(0, LISTED_MAX)
    .map((snapshot, index) =>
      `${String(index + 1).padStart(3)}  ${line(snapshot)}`
    );
  const { length } = snapshots;
  return [
    ...lines,
    `Bring one back by its place (1 to ${length}) or its name, which stays: ` +
    `deno task restore ${number} ${snapshots[0]!.name}`,
  ].join("\n");
}

function line({ name, takenAt, reason }: Snapshot): string {
  const time = takenAt.toLocaleString("sv-SE"); // "2026-01-31 10:20:30", local time.
  const outcome = reason.replaceAll(/[-_]/g, " ");
  return `${time}  ${outcome.padEnd(OUTCOME_WIDTH)}  ${paint("gray", name)}`;
}
