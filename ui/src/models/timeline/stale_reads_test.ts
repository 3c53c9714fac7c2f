import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceKind, TraceRow } from "@contract/trace.ts";
import { raceTrace } from "../../../testdata/race_trace.ts";
import { SWEEP_TRACE } from "../../../testdata/sweep_trace.ts";
import { findStaleReads } from "./stale_reads.ts";
import { layOutTimeline } from "./lay_out.ts";

describe("findStaleReads()", () => {
  it("sees that two instances read 9 before either wrote", () => {
    const stale = findStaleReads(layOutTimeline(raceTrace()));

    expect([
      stale?.resource,
      stale?.value,
      stale?.instances,
      stale?.readCount,
    ])
      .toEqual(["limit:alice", "9", ["A", "B"], 4]);
  });

  it("says nothing of turns that are taken one after the other", () => {
    expect(stale([
      [0, "A", "redis", "GET n", '"9"'],
      [2, "A", "redis", "SET n 10", "OK"],
      [4, "B", "redis", "GET n", '"10"'],
      [6, "B", "redis", "SET n 11", "OK"],
    ])).toBeUndefined();
  });

  it("says nothing of commands that read and write in one step", () => {
    expect(stale([
      [0, "A", "redis", "INCR n", "9"],
      [0.5, "B", "redis", "INCR n", "10"],
    ])).toBeUndefined();
  });

  it("says nothing of readers that do not write", () => {
    expect(stale([
      [0, "A", "redis", "GET n", '"9"'],
      [0.5, "B", "redis", "GET n", '"9"'],
      [3, "A", "redis", "SET n 10", "OK"],
    ])).toBeUndefined();
  });

  it("does not mix up different keys", () => {
    expect(stale([
      [0, "A", "redis", "GET n:alice", '"9"'],
      [0.5, "B", "redis", "GET n:bob", '"9"'],
      [3, "A", "redis", "SET n:alice 10", "OK"],
      [3.5, "B", "redis", "SET n:bob 10", "OK"],
    ])).toBeUndefined();
  });

  it("sees it in SQL too, also behind the name of a shard", () => {
    const found = stale([
      [0, "A", "postgres", "s1 SELECT n FROM stock WHERE id = $1", "1 row"],
      [0.5, "B", "postgres", "s1 SELECT n FROM stock WHERE id = $1", "1 row"],
      [3, "A", "postgres", "s1 UPDATE stock SET n = $1", "1 row"],
      [3.5, "B", "postgres", "s1 UPDATE stock SET n = $1", "1 row"],
    ]);

    expect([found?.resource, found?.instances]).toEqual(["stock", ["A", "B"]]);
  });

  it("leaves a crash sweep alone", () => {
    expect(findStaleReads(layOutTimeline(SWEEP_TRACE))).toBeUndefined();
  });
});

type Access = readonly [
  atMs: number,
  instance: string,
  kind: TraceKind,
  text: string,
  reply: string,
];

/** Each access takes one millisecond. */
function stale(accesses: readonly Access[]) {
  const trace = accesses.flatMap(
    ([atMs, instance, kind, text, reply], span): TraceRow[] => [
      { atMs, instance, kind, text, span },
      {
        atMs: atMs + 1,
        instance,
        kind,
        text: `→ ${reply}`,
        span,
        durationMs: 1,
      },
    ],
  );
  return findStaleReads(layOutTimeline(trace));
}
