import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { StageProgress, WorkshopSummary } from "@contract/api.ts";
import { isMet, nextStep } from "./next_step.ts";

describe("nextStep()", () => {
  it("goes to what fails right now", () => {
    const next = nextStep([
      workshop("01", ["passed", "open"]),
      workshop("02", ["passed", "failing"]),
    ]);

    expect([next?.workshop.number, next?.stage.number, next?.reason])
      .toEqual(["02", 2, "failing"]);
  });

  it("goes on with what is begun before something new", () => {
    const next = nextStep([
      workshop("01", ["open"]),
      workshop("02", ["passed", "open"]),
    ]);

    expect([next?.workshop.number, next?.reason]).toEqual(["02", "started"]);
  });

  it("skips what needs something that is not passed yet", () => {
    const next = nextStep([
      workshop("01", ["passed", "passed"]),
      workshop("02", ["open"], ["03"]),
      workshop("03", ["open"], ["01.2"]),
    ]);

    expect([next?.workshop.number, next?.reason]).toEqual(["03", "ready"]);
  });

  it("has nothing left to say when everything is passed", () => {
    expect(nextStep([workshop("01", ["passed"])])).toBeUndefined();
  });
});

describe("isMet()", () => {
  const all = [workshop("01", ["passed", "open"])];

  it("asks for the stage that is named", () => {
    expect([isMet("01.1", all), isMet("01.2", all)]).toEqual([true, false]);
  });

  it("asks for every stage where none is named", () => {
    expect(isMet("01", all)).toBe(false);
  });

  it("does not count on a workshop that is not there", () => {
    expect(isMet("09.1", all)).toBe(false);
  });
});

function workshop(
  number: string,
  statuses: readonly StageProgress["status"][],
  needs: readonly string[] = [],
): WorkshopSummary {
  return {
    slug: `${number}-x`,
    number,
    title: "X",
    summary: "X",
    level: "mid",
    hours: 1,
    needs,
    stages: statuses.map((status, index) => ({
      number: index + 1,
      title: "X",
      status,
    })),
  };
}
