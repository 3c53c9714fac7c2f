import { listed } from "./listed.ts";
import type { Finding, Operation } from "./types.ts";

/** What can be asked of a set that only grows. The output of a `read` is all of its elements. */
export type SetInput<Element> =
  | { readonly kind: "add"; readonly element: Element }
  | { readonly kind: "read" };

/** What {@link setFull} found. */
export interface SetFinding<Element> extends Finding {
  /** Known to be in, and gone from some read on for good. */
  readonly lost: readonly Element[];
  /** Known to be in, missing from a later read, there again afterwards. */
  readonly stale: readonly Element[];
  /** Read although nobody added them. */
  readonly unexpected: readonly Element[];
  /** Twice in one read. */
  readonly duplicated: readonly Element[];
}

/**
 * Follows every element of a growing set: feeds, member lists, file lists, message histories. An element is known
 * once its `add` was acknowledged or a read has shown it; each read that starts after that moment must show it.
 *
 * @param isLinearizable Whether a read may never be stale. Default true; false for eventual consistency.
 * @returns `unknown` when no read started after the last acknowledged `add`, for then losses could not show.
 * @see Kingsbury, Jepsen's `checker/set-full`
 */
export function setFull<Element>(
  history: readonly Operation<SetInput<Element>, readonly Element[]>[],
  { isLinearizable = true }: { readonly isLinearizable?: boolean } = {},
): SetFinding<Element> {
  const reads = readsOf(history);
  const knownSince = knownTimes(history, reads);
  const added = new Set(
    history.flatMap(({ input, outcome }) =>
      input.kind === "add" && outcome !== "fail" ? [input.element] : []
    ),
  );
  const lost: Element[] = [];
  const stale: Element[] = [];
  for (const [element, sinceMs] of knownSince) {
    const due = reads.filter(({ startedAtMs }) => startedAtMs > sinceMs);
    if (due.every(({ elements }) => elements.has(element))) continue;
    (due.at(-1)!.elements.has(element) ? stale : lost).push(element);
  }
  const unexpected = [...knownSince.keys()].filter((element) =>
    !added.has(element)
  );
  const duplicated = [...new Set(reads.flatMap(({ repeated }) => repeated))];
  const found = { lost, stale, unexpected, duplicated };

  const problems = [
    lost.length > 0 && `added and then gone: ${listed(lost)}`,
    isLinearizable && stale.length > 0 &&
    `missing from a read that began after they were in: ${listed(stale)}`,
    unexpected.length > 0 && `read but never added: ${listed(unexpected)}`,
    duplicated.length > 0 && `twice in one read: ${listed(duplicated)}`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) {
    return { verdict: "invalid", message: problems.join("; "), ...found };
  }
  if (!hasFinalRead(history, reads)) {
    const message = "No read began after the last acknowledged add";
    return { verdict: "unknown", message, ...found };
  }
  return { verdict: "valid", message: "", ...found };
}

interface Read<Element> {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly elements: ReadonlySet<Element>;
  readonly repeated: readonly Element[];
}

/** Answered reads, by their starts. */
function readsOf<Element>(
  history: readonly Operation<SetInput<Element>, readonly Element[]>[],
): Read<Element>[] {
  return history.flatMap((operation): Read<Element>[] => {
    const { input, output, outcome, startedAtMs, endedAtMs } = operation;
    if (input.kind !== "read" || outcome !== "ok") return [];
    const all = output ?? [];
    const elements = new Set(all);
    const repeated = all.filter((element, i) => all.indexOf(element) !== i);
    return [{ startedAtMs, endedAtMs, elements, repeated }];
  }).sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** The moment from which each element is known to be in. */
function knownTimes<Element>(
  history: readonly Operation<SetInput<Element>, readonly Element[]>[],
  reads: readonly Read<Element>[],
): Map<Element, number> {
  const known = new Map<Element, number>();
  const note = (element: Element, atMs: number) =>
    known.set(element, Math.min(known.get(element) ?? Infinity, atMs));
  for (const { input, outcome, endedAtMs } of history) {
    if (input.kind === "add" && outcome === "ok") {
      note(input.element, endedAtMs);
    }
  }
  for (const { elements, endedAtMs } of reads) {
    for (const element of elements) note(element, endedAtMs);
  }
  return known;
}

function hasFinalRead<Element>(
  history: readonly Operation<SetInput<Element>, readonly Element[]>[],
  reads: readonly Read<Element>[],
): boolean {
  const lastAddMs = history.reduce(
    (lastMs, { input, outcome, endedAtMs }) =>
      input.kind === "add" && outcome === "ok"
        ? Math.max(lastMs, endedAtMs)
        : lastMs,
    -Infinity,
  );
  return reads.some(({ startedAtMs }) => startedAtMs > lastAddMs);
}
