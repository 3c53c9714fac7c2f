/** What a policy says, and the parser for it. */
import { ProblemError } from "./problem.ts";

export type WindowAlgorithm = "fixed" | "sliding_log" | "sliding_counter";
export type RateAlgorithm = WindowAlgorithm | "token_bucket";

/** While the store cannot be asked: count in each instance alone, or refuse. */
export type FailMode = "open" | "closed";

/** At most `limit` requests of one client per window. */
export interface WindowPolicy {
  readonly algorithm: WindowAlgorithm;
  readonly limit: number;
  readonly windowSec: number;
  readonly failMode: FailMode;
}

/** A bucket per client that holds `burst` tokens and gets `limit` new ones, evenly, per window. */
export interface BucketPolicy {
  readonly algorithm: "token_bucket";
  readonly limit: number;
  readonly windowSec: number;
  readonly burst: number;
  /** Tokens that a request takes unless it says otherwise. */
  readonly cost: number;
  readonly failMode: FailMode;
}

/** At most `limit` requests of one client under way at once. */
export interface ConcurrencyPolicy {
  readonly algorithm: "concurrency";
  readonly limit: number;
  readonly failMode: FailMode;
}

export type RatePolicy = WindowPolicy | BucketPolicy;
export type Policy = RatePolicy | ConcurrencyPolicy;

export interface NamedPolicy<P extends Policy = Policy> {
  readonly name: string;
  readonly policy: P;
}

const LIMIT_MAX = 1_000_000;
const WINDOW_SEC_MAX = 86_400;
const NAME = /^[a-z0-9_-]{1,32}$/;

const FIELDS: Readonly<Record<Policy["algorithm"], readonly string[]>> = {
  fixed: ["limit", "windowSec"],
  sliding_log: ["limit", "windowSec"],
  sliding_counter: ["limit", "windowSec"],
  token_bucket: ["limit", "windowSec", "burst", "cost"],
  concurrency: ["limit"],
};

/** Reads a policy as it was sent and fills in the defaults. Throws a 400 or 422. */
export function parsePolicy(name: string, body: unknown): Policy {
  if (!NAME.test(name)) throw invalid("name", "1 to 32 of a-z 0-9 _ -", name);
  if (!isRecord(body)) {
    throw new ProblemError({
      status: 400,
      code: "malformed_body",
      detail: "The body must be a JSON object",
    });
  }
  const { algorithm, failMode = "open" } = body;
  if (!isAlgorithm(algorithm)) {
    throw invalid("algorithm", Object.keys(FIELDS).join(", "), algorithm);
  }
  if (failMode !== "open" && failMode !== "closed") {
    throw invalid("failMode", "open or closed", failMode);
  }
  // A misspelt field would otherwise be a default that nobody asked for.
  const known = ["algorithm", "failMode", ...FIELDS[algorithm]];
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined) {
    throw invalid(unknown, `absent in a ${algorithm} policy`, body[unknown]);
  }

  const limit = wholeNumber("limit", body.limit, LIMIT_MAX);
  if (algorithm === "concurrency") return { algorithm, limit, failMode };
  const windowSec = wholeNumber("windowSec", body.windowSec, WINDOW_SEC_MAX);
  if (algorithm !== "token_bucket") {
    return { algorithm, limit, windowSec, failMode };
  }
  const burst = wholeNumber("burst", body.burst ?? limit, LIMIT_MAX);
  const cost = wholeNumber("cost", body.cost ?? 1, burst);
  return { algorithm, limit, windowSec, burst, cost, failMode };
}

function wholeNumber(field: string, value: unknown, max: number): number {
  if (typeof value === "number" && value <= max) {
    return Number(value);
  }
  throw invalid(field, `a whole number from 1 to ${max}`, value);
}

function invalid(field: string, rule: string, value: unknown): ProblemError {
  return new ProblemError({
    status: 422,
    code: "invalid_policy",
    detail: `${field} must be ${rule}, but is ${JSON.stringify(value)}`,
  });
}

function isAlgorithm(value: unknown): value is Policy["algorithm"] {
  return typeof value === "string" && Object.hasOwn(FIELDS, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
