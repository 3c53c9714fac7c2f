import { dirname, join } from "node:path";
import { z } from "zod";
import type { StageManifest, Workshop } from "@contract/manifest.ts";
import type { MyFolder } from "./folders.ts";

const STAGE = z.looseObject({
  /** RFC 3339 of the first pass. Passed stays passed. */
  passedAt: z.string().optional(),
  /** Verdicts so far. */
  runs: z.int().min(0).default(0),
});

const PROGRESS = z.looseObject({
  version: z.literal(1),
  stages: z.record(z.string(), STAGE).default({}),
  /** Hints unlocked, by stage. */
  hints: z.record(z.string(), z.int().min(0).max(3)).default({}),
  /** When the reference of a workshop was shown before it was passed. */
  revealed: z.record(z.string(), z.string()).default({}),
});

/**
 * What a learner has reached, in `my/progress.json`: plain, portable, mergeable. Keys are stage ids that survive
 * renumbering ("03.distributed"); ids and fields that this version does not know are kept.
 */
export type Progress = z.infer<typeof PROGRESS>;

/** Stable id of a stage: its workshop's number and its slug. */
export function stageId(workshop: Workshop, stage: StageManifest): string {
  return `${workshop.number}.${stage.slug}`;
}

export interface ReadProgress {
  readonly progress: Progress;
  /** Says that the file was broken and where it was put. */
  readonly warning?: string;
}

/** Reads the file; an absent one is empty, a broken one is put aside and said so. */
export async function readProgress(my: MyFolder): Promise<ReadProgress> {
  const path = progressPath(my);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { progress: empty() };
    throw error;
  }
  const progress = parseProgress(text);
  if (progress !== undefined) return { progress };
  const aside = `${path}.broken-${Date.now()}`;
  await Deno.rename(path, aside);
  const warning = `${path} was no progress file of version 1; ` +
    `it is kept as ${aside}, and progress starts anew`;
  return { progress: empty(), warning };
}

/** The progress in a text, or undefined when it is none. */
export function parseProgress(text: string): Progress | undefined {
  try {
    return PROGRESS.parse(JSON.parse(text));
  } catch {
    return undefined; // The caller says what becomes of the text.
  }
}

/** Reads, changes and writes in one step; the file is replaced as a whole, so that a crash leaves the old one. */
export async function changeProgress(
  my: MyFolder,
  change: (progress: Progress) => Progress,
): Promise<ReadProgress> {
  const read = await readProgress(my);
  const progress = change(read.progress);
  const path = progressPath(my);
  const fresh = `${path}.${crypto.randomUUID().slice(0, 8)}`;
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(fresh, `${JSON.stringify(progress, null, 2)}\n`);
  await Deno.rename(fresh, path);
  return { ...read, progress };
}

/** Both together: passed in either is passed, the earlier date and the higher count win. */
export function mergeProgress(left: Progress, right: Progress): Progress {
  return {
    ...right,
    ...left,
    stages: mergeRecords(left.stages, right.stages, (one, other) => ({
      ...other,
      ...one,
      passedAt: earlier(one.passedAt, other.passedAt),
      runs: Math.max(one.runs, other.runs),
    })),
    hints: mergeRecords(left.hints, right.hints, Math.max),
    revealed: mergeRecords(
      left.revealed,
      right.revealed,
      (one, other) => earlier(one, other)!,
    ),
  };
}

/** What is recorded of a stage, under its id or a former one. */
export function stageRecord(
  progress: Progress,
  workshop: Workshop,
  stage: StageManifest,
): Progress["stages"][string] {
  const id = stageId(workshop, stage);
  const records = [id, ...formerIds(workshop, id)]
    .flatMap((id) => progress.stages[id] ?? []);
  return records.reduce((one, other) => ({
    ...one,
    passedAt: earlier(one.passedAt, other.passedAt),
    runs: one.runs + other.runs,
  }), { runs: 0 });
}

/** Ids that a stage bore before this one. */
export function formerIds(workshop: Workshop, id: string): string[] {
  return Object.entries(workshop.aliases ?? {})
    .filter(([, now]) => now === id)
    .map(([old]) => old);
}

/** The first stage without a pass; undefined when all are passed. */
export function firstUnfinished(
  progress: Progress,
  workshop: Workshop,
): StageManifest | undefined {
  return workshop.stages.find((stage) =>
    stageRecord(progress, workshop, stage).passedAt === undefined
  );
}

function empty(): Progress {
  return { version: 1, stages: {}, hints: {}, revealed: {} };
}

function progressPath(my: MyFolder): string {
  return join(my.dir, "progress.json");
}

function mergeRecords<T>(
  left: Readonly<Record<string, T>>,
  right: Readonly<Record<string, T>>,
  both: (left: T, right: T) => T,
): Record<string, T> {
  const merged = { ...right, ...left };
  for (const [key, value] of Object.entries(left)) {
    const other = right[key];
    if (other !== undefined) merged[key] = both(value, other);
  }
  return merged;
}

/** RFC 3339 in UTC sorts as text. */
function earlier(
  left: string | undefined,
  right: string | undefined,
): string | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left < right ? left : right;
}
