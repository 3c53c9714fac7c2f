import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Progress } from "./my/progress_file.ts";
import { orderText, stageOrder } from "./stage_order.ts";
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

describe("orderText()", () => {
  const rows: [stages: number[], says: string | undefined][] = [
    [
      [4, 1, 2, 3],
      "Stage 4 first; once it passes, 1–3 again, in case something broke",
    ],
    [[2, 1], "Stage 2 first; once it passes, 1 again, in case something broke"],
    [[1], undefined],
    [[1, 2, 3], undefined],
  ];
  for (const [stages, says] of rows) {
    it(`explains the order ${stages} where it needs to be`, () => {
      expect(orderText(stages)).toBe(says);
    });
  }
});
