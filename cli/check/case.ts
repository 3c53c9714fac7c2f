/** What kind of promise about a workshop is tried. */
export type CaseKind =
  | "structure"
  | "stub"
  | "reference"
  | "mutant"
  | "alternative";

/** One promise about a workshop, and whether it holds. */
export interface CaseResult {
  readonly workshop: string;
  readonly kind: CaseKind;
  /** "stage 4", "reference", "check_then_insert" */
  readonly name: string;
  readonly runs: number;
  /** Why it does not hold; empty when it does. Seeds are named, so that a run can be replayed. */
  readonly problems: readonly string[];
  /** Worth knowing, but not wrong. */
  readonly notes: readonly string[];
  readonly wallMs: number;
}

/** A case that is still to be tried. */
export interface Case {
  readonly workshop: string;
  readonly kind: CaseKind;
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<
    Pick<CaseResult, "runs" | "problems" | "notes">
  >;
}
