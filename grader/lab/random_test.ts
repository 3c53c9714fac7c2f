import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { newSeed, seededRandom, seedOfAttempt } from "./random.ts";

describe("seededRandom()", () => {
  it("gives the same values for the same seed, others for another", () => {
    const draw = (seed: string) => {
      const random = seededRandom(seed);
      return [random.integer(0, 1e9), random.word(), random.fraction()];
    };
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  it("keeps its values over versions of the kit, so that old seeds replay", () => {
    const random = seededRandom("1a2b3c4d/03.4a");
    expect([random.integer(1, 100), random.integer(1, 100), random.word(6)])
      .toEqual([22, 42, "gFXkTu"]);
  });

  it("draws each number of a range about equally often", () => {
    const random = seededRandom("even");
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 40_000; draw++) counts[random.integer(0, 3)]!++;
    // 10,000 expected, standard deviation 87: 6 of them are passed once in 500 million draws of a seed.
    for (const count of counts) {
      expect(Math.abs(count - 10_000)).toBeLessThan(520);
    }
  });

  it("shuffles a copy that keeps every item", () => {
    const items = Object.freeze([1, 2, 3, 4, 5, 6, 7, 8]);
    const shuffled = seededRandom("x").shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted()).toEqual(items);
  });

  it("refuses a range without numbers and a pick from nothing", () => {
    const random = seededRandom("x");
    expect(() => random.integer(2, 1)).toThrow("not 2 and 1");
    expect(() => random.pick([])).toThrow("no items");
  });
});

describe("seedOfAttempt()", () => {
  it("keeps the run's seed for the first try only", () => {
    expect([1, 2, 3].map((attempt) => seedOfAttempt("abc", attempt)))
      .toEqual(["abc", "abc.2", "abc.3"]);
  });
});

describe("newSeed()", () => {
  it("is short enough to type", () => {
    expect(newSeed()).toMatch(/^[0-9a-f]{8}$/);
  });
});
