/** Items, and what a client may ask about them. */
import { ProblemError } from "./problem.ts";

export interface Item {
  readonly id: string;
  readonly value: string;
  /** Grows with each write of the item; its ETag. */
  readonly version: number;
}

export const BATCH_MAX = 100;
/** An entry in an index of Postgres has room for some 2,700 bytes. */
const ID_LENGTH_MAX = 200;

export function parseId(id: string): string {
  if (isId(id)) return id;
  const detail =
    `id must have at most ${ID_LENGTH_MAX} characters, none of them U+0000`;
  throw new ProblemError(422, "invalid_id", detail);
}

export function parseValue(body: unknown): string {
  const { value } = objectIn(body);
  if (isText(value)) return value;
  const detail = "value must be a string without U+0000";
  throw new ProblemError(422, "invalid_value", detail);
}

export function parseIds(body: unknown): string[] {
  const { ids } = objectIn(body);
  const isList = Array.isArray(ids) && ids.length > 0 &&
    ids.length <= BATCH_MAX && ids.every(isId);
  if (isList) return ids;
  const detail = `ids must be a list of 1 to ${BATCH_MAX} ids`;
  throw new ProblemError(422, "invalid_ids", detail);
}

function isId(id: unknown): id is string {
  return isText(id) && id.length <= ID_LENGTH_MAX;
}

/** A text in Postgres cannot hold U+0000. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function objectIn(body: unknown): Record<string, unknown> {
  if (body?.constructor === Object) return body as Record<string, unknown>;
  const detail = "The body must be a JSON object";
  throw new ProblemError(400, "malformed_body", detail);
}
