import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceRow } from "@contract/trace.ts";
import { timelineLines } from "./timeline.ts";

const SELECT = "SELECT 1 FROM links WHERE code = 'x'";

describe("timelineLines()", () => {
  it("says which of twenty replies is another one", () => {
    const rows = [
      ...burst((span) => ({ kind: "request", text: "POST /links", span })),
      ...burst((span) => ({ kind: "postgres", text: SELECT, span: span + 20 })),
      ...burst((span) => ({
        kind: "postgres",
        text: span === 7 ? "→ 1 row" : "→ 0 rows",
        span: span + 20,
        durationMs: 1,
      })),
    ];
    expect(timelineLines(rows)).toEqual([
      "     0.0 ms  A B  POST /links  × 20, no response",
      `     0.0 ms  A B    sql ${SELECT}  × 20`,
      "     0.0 ms  A B    sql → 0 rows × 19, 1 row × 1 (B)",
    ]);
  });

  it("tells turns that were taken from what happened at once", () => {
    const rows = burst((span) => ({ kind: "redis", text: "INCR n", span }))
      .flatMap((ask) => [
        ask,
        { ...ask, text: `→ ${ask.span! + 1}`, durationMs: 1 },
      ]);
    expect(timelineLines(rows)).toEqual([
      "     0.0 ms  A B    redis INCR n → …  × 20, all different",
      "… this line, 20 times in turn, until 0.0 ms …",
    ]);
  });

  it("shows a command that nobody answered, however long ago", () => {
    const rows = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", (key) => (
      row({ kind: "redis", text: `GET ${key}` })
    ));
    const hung = row({ kind: "redis", text: "GET hung", span: 100 });
    const lines = timelineLines([hung, ...rows]);
    expect(lines).toHaveLength(25);
    expect(lines[0]).toContain("GET hung, no reply");
  });

  it("shows what the check notes, and not what instances log", () => {
    const lines = timelineLines([
      { atMs: 1, kind: "log", text: "locked the 1 rows of x" },
      { atMs: 2, kind: "log", text: "request failed", instance: "A" },
    ]);
    expect(lines).toEqual(["     1.0 ms  ·    locked the 1 rows of x"]);
  });

  it("leaves out how an instance started again", () => {
    const many = [...Array(30).keys()];
    const rows = [
      row({ kind: "process", text: "killed" }),
      ...many.map((span) => row({ kind: "postgres", text: "begin", span })),
      row({ kind: "process", text: "restarted" }),
    ];
    expect(timelineLines(rows)).toEqual([
      "     0.0 ms  A    process killed",
      "… 30 rows while A started …",
      "     0.0 ms  A    process restarted",
    ]);
  });
});

/** Twenty rows, on A and B by turns. */
function burst(rowOf: (index: number) => Partial<TraceRow>): TraceRow[] {
  return Array.from({ length: 20 }, (_, index) => (
    row({ instance: index % 2 === 0 ? "A" : "B", ...rowOf(index) })
  ));
}

function row(parts: Partial<TraceRow>): TraceRow {
  return { atMs: 0, instance: "A", kind: "redis", text: "", ...parts };
}
