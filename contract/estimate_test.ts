import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { drawInputs, type Estimate, judgeEstimate } from "./estimate.ts";

const STORAGE: Estimate = {
  id: "00.e1",
  question: "How many bytes do {links} links of 500 bytes take?",
  inputs: { links: [1_000, 2_000] },
  unit: "bytes",
  answer: ({ links }) => links! * 500,
  formula: "links × 500",
};

describe("judgeEstimate()", () => {
  const rows: [given: number, reason: string | undefined][] = [
    [500_000, undefined],
    [549_000, undefined],
    [5_000_000, "The digits are right, but it is 10^1 too large"],
    [4_000_000, "Off by a mix-up: bits for bytes"],
    [500, "Off by a mix-up: a factor of a thousand"],
    [1_500_000, "About 3.0 times too large"],
    [-1, "A positive number is asked for"],
    [NaN, "A positive number is asked for"],
  ];
  for (const [given, reason] of rows) {
    it(`${given}: ${reason ?? "right"}`, () => {
      expect(judgeEstimate(STORAGE, { links: 1_000 }, given)).toEqual(
        reason === undefined
          ? { status: "right" }
          : { status: "wrong", reason },
      );
    });
  }
});

describe("drawInputs()", () => {
  it("draws each input from its own values", () => {
    expect(drawInputs(STORAGE, () => 0.99)).toEqual({ links: 2_000 });
  });
});
