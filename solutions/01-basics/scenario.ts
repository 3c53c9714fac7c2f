/** What the calculator of 01.1 is asked. */
import { ProblemError } from "./problem.ts";

export interface Scenario {
  /** Daily active users. */
  readonly dau: number;
  /** What one of them writes a day. */
  readonly actionsPerUser: number;
  readonly readsPerWrite: number;
  /** The busiest second, as a multiple of the average one. */
  readonly peak: number;
  /** Of one write, stored. */
  readonly bytes: number;
  readonly retentionDays: number;
  /** Share of what is stored that is worth keeping in memory. */
  readonly hotFraction: number;
}

/** A part's own availability, or that of parts which are all needed, or of which one is enough. */
export type Part =
  | number
  | { readonly series: readonly Part[] }
  | { readonly parallel: readonly Part[] };

const FIELDS = [
  "dau",
  "actionsPerUser",
  "readsPerWrite",
  "peak",
  "bytes",
  "retentionDays",
  "hotFraction",
] as const;
const DEPTH_MAX = 10;

export function parseScenario(body: unknown): Scenario {
  const fields = isRecord(body) ? body : {};
  for (const name of FIELDS) {
    const value = fields[name];
    if (typeof value !== "number" || !(value >= 0)) {
      throw invalid(`"${name}" is a number of 0 or more`, value);
    }
  }
  return fields as unknown as Scenario;
}

export function parsePart(body: unknown, depth = 0): Part {
  if (typeof body === "number" && body >= 0 && body <= 1) return body;
  if (isRecord(body) && depth < DEPTH_MAX) {
    const { series, parallel } = body;
    const parts = (list: readonly unknown[]) =>
      list.map((part) => parsePart(part, depth + 1));
    if (Array.isArray(series)) return { series: parts(series) };
    if (Array.isArray(parallel)) return { parallel: parts(parallel) };
  }
  throw invalid(
    'A part is a number from 0 to 1, {"series": […]} or {"parallel": […]}',
    body,
  );
}

function invalid(rule: string, value: unknown): ProblemError {
  return new ProblemError({
    status: 422,
    code: "invalid_scenario",
    detail: `${rule}, not ${JSON.stringify(value)}`,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
