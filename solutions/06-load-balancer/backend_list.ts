/** The list of backends as an operator writes it. */
import { ProblemError } from "./problem.ts";

export interface BackendEntry {
  /** Name of the upstream that it is. */
  readonly id: string;
  readonly weight: number;
}

const WEIGHT_MAX = 100;

/** The list in the body of a PUT. Throws a 400 or 422 for one that makes no sense: it must not be half applied. */
export function parseBackends(
  body: unknown,
  isUpstream: (id: string) => boolean,
): readonly BackendEntry[] {
  const list = (body as { backends?: unknown } | null | undefined)?.backends;
  if (!Array.isArray(list)) {
    throw new ProblemError({
      status: 400,
      code: "malformed_body",
      detail: 'The body is {"backends": [{"id": …, "weight": …}, …]}',
    });
  }
  const entries = list.map((entry) => parseEntry(entry, isUpstream));
  if (new Set(entries.map(({ id }) => id)).size < entries.length) {
    throw invalid("Each backend stands in the list once");
  }
  return entries;
}

function parseEntry(
  entry: unknown,
  isUpstream: (id: string) => boolean,
): BackendEntry {
  if (typeof entry !== "object" || entry === null) {
    throw invalid("A backend is an object");
  }
  const { id, weight = 1, ...others } = entry as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`"${unknown}" is not a field`);
  if (typeof id !== "string" || !isUpstream(id)) {
    throw invalid(`${JSON.stringify(id)} is no upstream`);
  }
  const isWeight = Number.isInteger(weight) && Number(weight) >= 1 &&
    Number(weight) <= WEIGHT_MAX;
  if (!isWeight) {
    throw invalid(`A weight is a whole number from 1 to ${WEIGHT_MAX}`);
  }
  return { id, weight: Number(weight) };
}

function invalid(detail: string): ProblemError {
  return new ProblemError({ status: 422, code: "invalid_backends", detail });
}
