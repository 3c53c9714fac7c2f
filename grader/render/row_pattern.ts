/** Which rows are alike but for their values, and what those values are. */
import type { TraceKind } from "@contract/trace.ts";

export interface RowPattern {
  /** The text around the values: one more than there are values. */
  readonly fixed: readonly string[];
  readonly values: readonly string[];
}

/** Splits `SET limit:a 9 PX 60000` into `SET limit:`, ` `, ` PX ` and a, 9, 60000. */
export function patternOf(kind: TraceKind, text: string): RowPattern {
  const values: string[] = [];
  const fixed: string[] = [];
  let from = 0;
  for (const { start, end } of VALUES[kind]?.(text) ?? []) {
    fixed.push(text.slice(from, start));
    values.push(text.slice(start, end));
    from = end;
  }
  return { fixed: [...fixed, text.slice(from)], values };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const VALUES: Partial<Record<TraceKind, (text: string) => Iterable<Range>>> = {
  redis: redisValues,
  postgres: (text) => ranges(text, /'(?:[^']|'')*'?|\b\d+(?:\.\d+)?\b/g),
  request: pathValues,
  upstream: pathValues,
  peer: pathValues,
};

const REDIS_WORD = /"[^"]*"(?= |$)|\S+/g;

/** Arguments but a key's first part and words like NX; a script is no argument. */
function* redisValues(text: string): Generator<Range> {
  const words = ranges(text, REDIS_WORD);
  const keyAt = text.startsWith("EVAL") ? 3 : 1;
  for (const [index, { start, end }] of words.entries()) {
    const word = text.slice(start, end);
    if (index < keyAt || /^[A-Z]+$/.test(word)) continue;
    const colon = word.startsWith("{") ? -1 : word.lastIndexOf(":");
    if (colon !== -1 || index > keyAt) yield { start: start + colon + 1, end };
  }
}

/** Parts of a path that are no plain words. */
function pathValues(text: string): Range[] {
  return ranges(text, /(?<=[/=])[^/?&\s]*[^a-z_/?&=\s][^/?&\s]*/g);
}

function ranges(text: string, pattern: RegExp): Range[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}
