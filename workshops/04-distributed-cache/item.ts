/** Items, and what a client may ask about them. */
import { ProblemError } from "./problem.ts";

export interface Item {
  readonly id: string;
  readonly value: string;
  /** Grows with each write of the item; its ETag. */
  readonly version: number;
}

export const BATCH_MAX = 100;

export function parseValue(body: unknown): string {
  const { value } = objectIn(body);
  if (typeof value === "string") return value;
  throw new ProblemError(422, "invalid_value", "value must be a string");
}

export function parseIds(body: unknown): string[] {
  const { ids } = objectIn(body);
  const isList = Array.isArray(ids) && ids.length > 0 &&
    ids.length <= BATCH_MAX && ids.every((id) => typeof id === "string");
  if (isList) return ids;
  const detail = `ids must be a list of 1 to ${BATCH_MAX} strings`;
  throw new ProblemError(422, "invalid_ids", detail);
}

function objectIn(body: unknown): Record<string, unknown> {
  if (body?.constructor === Object) return body as Record<string, unknown>;
  const detail = "The body must be a JSON object";
  throw new ProblemError(400, "malformed_body", detail);
}
