import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { raceTrace } from "../../../testdata/race_trace.ts";
import { SWEEP_TRACE } from "../../../testdata/sweep_trace.ts";
import { layOutOverview } from "./overview.ts";
import { layOutTimeline } from "./lay_out.ts";

describe("layOutOverview()", () => {
  it("orders the layers of a lane as a request travels", () => {
    const { lanes } = layOutOverview(layOutTimeline(SWEEP_TRACE));

    const instance = lanes.find(({ instance }) => instance === "A")!;

    expect(instance.layers.map(({ kind }) => kind))
      .toEqual(["request", "postgres", "upstream"]);
  });

  it("stacks bars that overlap", () => {
    const { lanes } = layOutOverview(layOutTimeline(raceTrace()));

    const requests = lanes[1]!.layers[0]!;

    expect([requests.trackCount, requests.bars.map(({ track }) => track)])
      .toEqual([2, [0, 1]]);
  });

  it("marks kills and steps of the clock in their lanes", () => {
    const { lanes } = layOutOverview(layOutTimeline(SWEEP_TRACE));

    expect(lanes[0]!.marks.map(({ kind }) => kind))
      .toEqual(["log", "log", "clock"]);
    expect(lanes[1]!.marks.map(({ text }) => text)).toContain("killed");
  });
});
