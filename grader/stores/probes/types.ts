/** What one look at this machine found. */
export interface Probe {
  /** "Postgres" */
  readonly name: string;
  /** `warn`: everything works, but not as well as it could. `fail`: something will not work. */
  readonly status: "ok" | "warn" | "fail";
  /** What was found, one sentence: "18.4 starts in 118 ms". */
  readonly detail: string;
  /** What to do about it; a command where there is one. */
  readonly fix?: string;
}
