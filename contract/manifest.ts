/**
 * `workshops/NN-slug/workshop.json`: what a workshop is, stage by stage.
 *
 * @module
 */

/** What a check exercises. */
export type CheckKind = "api" | "pg" | "redis" | "race" | "fault" | "load";

/** The three study paths; each contains the one before it. */
export type Level = "mid" | "senior" | "staff";

/** One workshop. Number and slug stand in the folder's name only. */
export interface Manifest {
  readonly title: string;
  /** One sentence: the job to be done. */
  readonly summary: string;
  readonly level: Level;
  /** Nominal hours for all stages. */
  readonly hours: number;
  /** Workshops or stages to know first: "01" or "01.5". */
  readonly needs: readonly string[];
  /** Upstreams that every check of this workshop has, by name. */
  readonly upstreams: readonly string[];
  /** Default `context.config`; a check may override single values. */
  readonly config: Readonly<Record<string, number | string | boolean>>;
  readonly stages: readonly StageManifest[];
  /** Former stage or check ids and what they are called now, so that progress survives. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** One stage: one test file, one idea. */
export interface StageManifest {
  /** 1, 2, 3, …; the test file is `tests/<number>_<slug>_test.ts`. */
  readonly number: number;
  readonly slug: string;
  readonly title: string;
  readonly kinds: readonly CheckKind[];
  /** What a learner takes away, one sentence. */
  readonly teaches: string;
  /** Nominal minutes. */
  readonly minutes: number;
  /** A ★ stage belongs to the staff path only. */
  readonly staff?: boolean;
  /** Ids of the checks in the order of the test file: "03.4a". A missing one is never a pass. */
  readonly checks: readonly string[];
}

/** A workshop found on disk. */
export interface Workshop extends Manifest {
  /** "03" */
  readonly number: string;
  /** "03-rate-limiter" */
  readonly slug: string;
}
