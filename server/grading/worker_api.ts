import type { Sql } from "postgres";
import type { RunEvent } from "@contract/events.ts";
import type { Report } from "@contract/report.ts";
import type { SubmissionFiles } from "@contract/submission.ts";
import { storableJson } from "./storable_json.ts";

/** One try at grading a submission; the number rises whenever a worker loses it. */
export interface Attempt {
  readonly submission: string;
  readonly attempt: number;
}

export interface ClaimedRun {
  readonly workshop: string;
  readonly files: SubmissionFiles;
  readonly seed: string;
}

export interface HeldRun extends Attempt {
  readonly isCancelRequested: boolean;
}

/** All that a worker may ask of the database. Results that come too late are refused, and say so. */
export class WorkerApi {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Undefined when the run was canceled, superseded or taken over since its job was made. */
  async claim(
    workerId: string,
    { submission, attempt }: Attempt,
  ): Promise<ClaimedRun | undefined> {
    const [run] = await this.#sql<ClaimedRun[]>`
      SELECT * FROM worker_api.claim(${workerId}, ${submission}, ${attempt})`;
    return run;
  }

  /** Renews the lease; gives what is still this worker's. */
  async heartbeat(workerId: string): Promise<HeldRun[]> {
    return await this.#sql<HeldRun[]>`
      SELECT submission_id AS submission, attempt, is_cancel_requested AS "isCancelRequested"
      FROM worker_api.heartbeat(${workerId})`;
  }

  async signOff(workerId: string): Promise<void> {
    await this.#sql`SELECT worker_api.sign_off(${workerId})`;
  }

  async recordEvent(
    { submission, attempt }: Attempt,
    event: RunEvent,
  ): Promise<boolean> {
    const { kind, ...data } = event;
    const check = event.kind === "check_finished"
      ? JSON.stringify([{ id: event.check.id, status: event.check.status }])
      : null;
    return await this.#ask(this.#sql`
      SELECT worker_api.record_event(${submission}, ${attempt}, ${kind},
        ${storableJson(data)}::text::json, ${check}::text::jsonb) AS answer`);
  }

  async finish(
    { submission, attempt }: Attempt,
    report: Report,
  ): Promise<boolean> {
    const checks = report.stages.flatMap((stage) =>
      stage.checks.map(({ id, status }) => ({ id, status }))
    );
    return await this.#ask(this.#sql`
      SELECT worker_api.finish(${submission}, ${attempt}, ${report.verdict},
        ${storableJson(report)}::text::json,
        ${storableJson(checks)}::text::jsonb) AS answer`);
  }

  /**
   * `isFault`: the grader broke down, which counts; otherwise the worker was asked to stop. `report` is what the
   * grader said of its fault.
   */
  async giveBack(
    { submission, attempt }: Attempt,
    { isFault, report }: { isFault: boolean; report?: Report },
  ): Promise<boolean> {
    const json = report ? storableJson(report) : null;
    return await this.#ask(this.#sql`
      SELECT worker_api.give_back(${submission}, ${attempt}, ${isFault},
        ${json}::text::json) AS answer`);
  }

  async confirmCancel({ submission, attempt }: Attempt): Promise<boolean> {
    return await this.#ask(this.#sql`
      SELECT worker_api.confirm_cancel(${submission}, ${attempt}) AS answer`);
  }

  async #ask(query: PromiseLike<readonly { answer?: boolean }[]>) {
    const [row] = await query;
    return row?.answer === true;
  }
}
