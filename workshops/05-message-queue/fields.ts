/** Reads the fields of a request's body, and says what is wrong with them. */
import { ProblemError } from "./problem.ts";

export type Body = Readonly<Record<string, unknown>>;

/** Messages or receipts of one call. */
export const BATCH_MAX = 1_000;

/** The body as an object; an absent one is empty. */
export async function bodyOf(request: Request): Promise<Body> {
  const text = await request.text();
  if (text === "") return {};
  try {
    const body = JSON.parse(text);
    if (body?.constructor === Object) return body;
  } catch {
    // Not JSON: the same answer as for JSON of another kind.
  }
  throw new ProblemError({
    status: 400,
    code: "malformed_body",
    detail: "The body must be a JSON object",
  });
}

export function text(body: Body, field: string, pattern: RegExp): string {
  const value = body[field];
  if (typeof value === "string" && pattern.test(value)) return value;
  throw invalid(field, `must be a string that matches ${pattern}`);
}

/** A whole number within `range`; without `fallback` it must be there. */
export function whole(
  body: Body,
  field: string,
  [low, high]: readonly [number, number],
  fallback?: number,
): number {
  const value = body[field] ?? fallback;
  if (
    typeof value === "number" && Number.isInteger(value) && value >= low &&
    value <= high
  ) return value;
  throw invalid(field, `must be a whole number from ${low} to ${high}`);
}

export function list(value: unknown, field: string): unknown[] {
  if (
    Array.isArray(value) && value.length > 0 && value.length <= BATCH_MAX
  ) return value;
  throw invalid(field, `must be a list of 1 to ${BATCH_MAX}`);
}

export function invalid(field: string, rule: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: "invalid_body",
    detail: `"${field}" ${rule}`,
  });
}
