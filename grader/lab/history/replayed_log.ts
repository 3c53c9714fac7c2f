import { listed } from "./listed.ts";
import type { Finding, Operation } from "./types.ts";

/** Where a record stands. */
export interface LogPlace {
  readonly partition: number;
  /** Grows within its partition. */
  readonly offset: number;
}

/** A record as a poll gives it. */
export interface LogRecord<Value> extends LogPlace {
  readonly value: Value;
}

/** What can be asked of a partitioned log. `client` of a poll is the consumer. */
export type LogInput<Value> =
  | { readonly kind: "append"; readonly value: Value }
  | { readonly kind: "poll" };

/** Where the record was put, or the records that were given, in their order. */
export type LogOutput<Value> = LogPlace | readonly LogRecord<Value>[];

/** What {@link replayedLog} found. Places are written "partition/offset". */
export interface LogFinding<Value> extends Finding {
  /** Acknowledged and given to nobody. */
  readonly lost: readonly Value[];
  /** Given although nobody appended them. */
  readonly unexpected: readonly Value[];
  /** At more than one place. */
  readonly duplicated: readonly Value[];
  /** Places with more than one value. */
  readonly inconsistent: readonly string[];
  /** Places that a consumer went past without being given what is there. */
  readonly skipped: readonly string[];
  /** Places that a consumer was given after a later one. */
  readonly nonmonotonic: readonly string[];
}

/**
 * Whether a log keeps what it acknowledged, at one place each, and gives it in order. The log must have been read to
 * its end by the group whose polls are in the history. A consumer is followed through a partition until another one is
 * given records of it.
 *
 * @returns `unknown` when records are lost and some poll ended as `maybe`: its answer may have held them.
 * @see Kingsbury, Maelstrom's `kafka` workload
 */
export function replayedLog<Value>(
  history: readonly Operation<LogInput<Value>, LogOutput<Value>>[],
): LogFinding<Value> {
  const places = new Map<string, Set<Value>>();
  const placesOf = new Map<Value, Set<string>>();
  const note = (place: LogPlace, value: Value) => {
    addTo(places, nameOf(place), value);
    addTo(placesOf, value, nameOf(place));
  };
  const sent = new Set<Value>();
  const acknowledged = new Set<Value>();
  const given = new Set<Value>();
  let unseenPolls = 0;
  for (const { input, output, outcome } of history) {
    if (outcome === "fail") continue;
    if (input.kind === "append") {
      sent.add(input.value);
      if (outcome !== "ok") continue;
      acknowledged.add(input.value);
      note(output as LogPlace, input.value);
    } else if (outcome === "maybe") {
      unseenPolls++;
    } else {
      for (const record of output as readonly LogRecord<Value>[]) {
        given.add(record.value);
        note(record, record.value);
      }
    }
  }

  const found = {
    lost: [...acknowledged].filter((value) => !given.has(value)),
    unexpected: [...given].filter((value) => !sent.has(value)),
    duplicated: keysOfMany(placesOf),
    inconsistent: keysOfMany(places),
    ...stepsOf(history, [...places.keys()]),
  };
  const problems = Object.entries(PROBLEMS).flatMap(([name, text]) => {
    const items = found[name as keyof typeof found];
    return items.length === 0 ? [] : [`${text}: ${listed(items)}`];
  });
  if (problems.length === 0) return { verdict: "valid", message: "", ...found };
  const isExplained = problems.length === 1 && found.lost.length > 0 &&
    unseenPolls > 0;
  return {
    verdict: isExplained ? "unknown" : "invalid",
    message: problems.join("; ") +
      (isExplained ? `, but ${unseenPolls} answers went astray` : ""),
    ...found,
  };
}

const PROBLEMS = {
  lost: "acknowledged and given to nobody",
  unexpected: "given but never appended",
  duplicated: "at more than one place",
  inconsistent: "places with more than one value",
  skipped: "places that a consumer went past",
  nonmonotonic: "places that a consumer was given after a later one",
};

/** Follows the reader of each partition, for as long as it stays the same. */
function stepsOf<Value>(
  history: readonly Operation<LogInput<Value>, LogOutput<Value>>[],
  places: readonly string[],
): Pick<LogFinding<Value>, "skipped" | "nonmonotonic"> {
  const skipped = new Set<string>();
  const nonmonotonic = new Set<string>();
  const readers = new Map<number, { client: string; offset: number }>();
  const polls = history
    .filter(({ input, outcome }) => input.kind === "poll" && outcome === "ok")
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
  for (const { client, output } of polls) {
    for (const place of output as readonly LogRecord<Value>[]) {
      const { partition, offset } = place;
      const last = readers.get(partition);
      readers.set(partition, { client, offset });
      if (last?.client !== client) continue;
      if (offset <= last.offset) nonmonotonic.add(nameOf(place));
      for (const between of places) {
        const [at, other] = between.split("/").map(Number);
        if (at === partition && other! > last.offset && other! < offset) {
          skipped.add(between);
        }
      }
    }
  }
  return { skipped: [...skipped], nonmonotonic: [...nonmonotonic] };
}

function nameOf({ partition, offset }: LogPlace): string {
  return `${partition}/${offset}`;
}

function addTo<Key, Value>(
  sets: Map<Key, Set<Value>>,
  key: Key,
  value: Value,
): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

function keysOfMany<Key, Value>(sets: Map<Key, Set<Value>>): Key[] {
  return [...sets].filter(([, set]) => set.size > 1).map(([key]) => key);
}
