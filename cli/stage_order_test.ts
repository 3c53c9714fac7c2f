import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Progress } from "./my/progress_file.ts";
import { stageOrder } from "./stage_order.ts";
import { workshopOf } from "./testdata/workshop_of.ts";

const WORKSHOP = workshopOf(["one", "two", "three"]);

function passedUpTo(...slugs: string[]): Progress {
  const passed = { passedAt: "2026-01-01T00:00:00Z", runs: 1 };
  return {
    version: 1,
    stages: Object.fromEntries(slugs.map((slug) => [`03.${slug}`, passed])),
    hints: {},
    revealed: {},
  };
}

describe("stageOrder()", () => {
  it("begins with the first unfinished stage, then runs the earlier ones", () => {
    expect(stageOrder(WORKSHOP, passedUpTo())).toEqual([1]);
    expect(stageOrder(WORKSHOP, passedUpTo("one", "two"))).toEqual([3, 1, 2]);
  });

  it("runs everything once all is passed, or when asked", () => {
    const all = passedUpTo("one", "two", "three");
    expect(stageOrder(WORKSHOP, all)).toEqual([1, 2, 3]);
    expect(stageOrder(WORKSHOP, passedUpTo(), { isAll: true }))
      .toEqual([1, 2, 3]);
  });

  it("runs a named stage alone and refuses one that is not there", () => {
    expect(stageOrder(WORKSHOP, passedUpTo(), { stage: 2 })).toEqual([2]);
    expect(() => stageOrder(WORKSHOP, passedUpTo(), { stage: 4 }))
      .toThrow("03-rate-limiter has the stages 1 to 3, not 4");
  });
});
