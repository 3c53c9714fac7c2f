import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { raceTrace } from "../../../testdata/race_trace.ts";
import { SWEEP_TRACE } from "../../../testdata/sweep_trace.ts";
import { layOutTimeline } from "./lay_out.ts";

describe("layOutTimeline()", () => {
  it("gives the lab and each instance a lane", () => {
    const { lanes } = layOutTimeline(raceTrace());

    expect(lanes.map(({ instance }) => instance)).toEqual([
      undefined,
      "A",
      "B",
    ]);
  });

  it("leaves the lab's lane out where the lab did nothing", () => {
    const { lanes } = layOutTimeline([
      { atMs: 0, instance: "A", kind: "log", text: "x" },
    ]);

    expect(lanes.map(({ instance }) => instance)).toEqual(["A"]);
  });

  it("joins a command with its answer", () => {
    const { spans, rows } = layOutTimeline(raceTrace());
    const read = spans.find(({ text }) => text === "GET limit:alice")!;

    expect(read.reply).toBe('→ "9"');
    expect(rows[read.firstRow]?.role).toBe("start");
    expect(rows[read.lastRow]?.role).toBe("end");
  });

  it("never draws two bars on one track at the same time", () => {
    const { spans } = layOutTimeline(raceTrace());

    const clashes = spans.flatMap((span, index) =>
      spans.slice(index + 1).filter((other) =>
        other.lane === span.lane && other.track === span.track &&
        other.firstRow <= span.lastRow && span.firstRow <= other.lastRow
      )
    );

    expect(clashes).toEqual([]);
  });

  it("knows from when until when a command was held", () => {
    const { spans } = layOutTimeline([
      { atMs: 2, instance: "A", kind: "redis", text: "SET k 1", span: 1 },
      { atMs: 50, kind: "fault", text: "go on" },
      {
        atMs: 51,
        instance: "A",
        kind: "redis",
        text: "→ OK",
        span: 1,
        durationMs: 49,
        heldMs: 48,
      },
    ]);

    expect(spans[0]?.held).toEqual({
      fromMs: 2,
      toMs: 50,
      untilRow: 1,
      heldMs: 48,
    });
  });

  it("ends what was never answered where its instance died", () => {
    const { spans, rows } = layOutTimeline(SWEEP_TRACE);
    const first = spans.find(({ kind }) => kind === "request")!;

    expect(first.reply).toBeUndefined();
    expect(rows[first.lastRow]?.text).toBe("killed");
  });

  it("draws an answer whose call was cut off as a point", () => {
    const { spans, rows } = layOutTimeline([
      {
        atMs: 3,
        instance: "A",
        kind: "redis",
        text: "→ OK",
        span: 9,
        durationMs: 1,
      },
    ]);

    expect([spans, rows[0]?.role]).toEqual([[], "point"]);
  });

  it("marks a wait that is remarkably long", () => {
    const { rows } = layOutTimeline(raceTrace());

    const quiet = rows.filter(({ quietMs }) => quietMs !== undefined);

    expect(quiet.map(({ text }) => text)).toEqual(["4 held writers go on"]);
  });
});
