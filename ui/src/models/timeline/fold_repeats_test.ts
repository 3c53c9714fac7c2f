import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceRow } from "@contract/trace.ts";
import { foldRepeats } from "./fold_repeats.ts";
import { layOutTimeline } from "./lay_out.ts";
import { findStaleReads } from "./stale_reads.ts";

/** Five reads and five writes on each side, all reads before all writes. */
const RACE: readonly TraceRow[] = [
  ...burst(0, "GET n", '→ "9"'),
  ...burst(100, "SET n 10", "→ OK", { heldMs: 50 }),
];

describe("foldRepeats()", () => {
  it("makes one row of equal ones, per lane, and says how many they were", () => {
    const { rows } = foldRepeats(layOutTimeline(RACE));

    expect(rows.map(({ instance, text, count }) => [instance, text, count]))
      .toEqual([
        ["A", "GET n", 5],
        ["B", "GET n", 5],
        ["A", '→ "9"', 5],
        ["B", '→ "9"', 5],
        ["A", "SET n 10", 5],
        ["B", "SET n 10", 5],
        ["A", "→ OK", 5],
        ["B", "→ OK", 5],
      ]);
  });

  it("makes one bar of equal ones, held as long as the longest", () => {
    const { spans, lanes } = foldRepeats(layOutTimeline(RACE));

    expect(spans.map(({ text, count, held }) => [text, count, held?.heldMs]))
      .toEqual([
        ["GET n", 5, undefined],
        ["GET n", 5, undefined],
        ["SET n 10", 5, 50],
        ["SET n 10", 5, 50],
      ]);
    expect(lanes.map(({ trackCount }) => trackCount)).toEqual([1, 1]);
  });

  it("leads each row to its bar", () => {
    const { rows, spans } = foldRepeats(layOutTimeline(RACE));

    const ends = rows.filter(({ role }) => role === "end");

    expect(
      ends.map(({ spanIndex, index }) => spans[spanIndex!]!.lastRow - index),
    )
      .toEqual([0, 0, 0, 0]);
  });

  it("keeps what it shows of the race", () => {
    const stale = findStaleReads(foldRepeats(layOutTimeline(RACE)));

    expect([stale?.value, stale?.readCount, stale?.instances])
      .toEqual(["9", 10, ["A", "B"]]);
  });

  it("never lets a row pass another of its lane", () => {
    const texts = ["GET a", "GET b", "GET a", "GET b", "GET a", "GET b"];
    const timeline = layOutTimeline(
      texts.map((text, atMs) => ({ atMs, instance: "A", kind: "redis", text })),
    );

    expect(foldRepeats(timeline).rows.map(({ text }) => text)).toEqual(texts);
  });

  it("never lets a read pass a write of another lane", () => {
    const rows = [
      ["A", "GET n"],
      ["B", "SET n 1"],
      ["A", "GET n"],
      ["B", "SET n 1"],
      ["A", "GET n"],
      ["B", "SET n 1"],
    ] as const;
    const timeline = layOutTimeline(rows.map(([instance, text], atMs) => (
      { atMs, instance, kind: "redis", text }
    )));

    expect(
      foldRepeats(timeline).rows.map(({ instance, text }) => [instance, text]),
    ).toEqual(rows);
  });

  it("leaves a few repeats alone", () => {
    const timeline = layOutTimeline([0, 1, 2].map((atMs) => (
      { atMs, instance: "A", kind: "redis", text: "GET a" }
    )));

    expect(foldRepeats(timeline).rows).toHaveLength(3);
  });
});

function burst(
  fromMs: number,
  text: string,
  reply: string,
  more: Partial<TraceRow> = {},
): TraceRow[] {
  const sides = Array.from({ length: 10 }, (_, index) => ({
    instance: index % 2 === 0 ? "A" : "B",
    kind: "redis" as const,
    span: fromMs + index + 1,
  }));
  return [
    ...sides.map((side, index) => ({ ...side, atMs: fromMs + index, text })),
    ...sides.map((side, index) => ({
      ...side,
      ...more,
      atMs: fromMs + 60 + index,
      text: reply,
      durationMs: 60,
    })),
  ];
}
