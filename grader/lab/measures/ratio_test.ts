import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Inconclusive } from "../expect/check_failure.ts";
import { useLabs } from "../lab_fixture.ts";
import { compareWithReference } from "./ratio.ts";
import type { RatioPlan } from "./types.ts";

const PLAN: RatioPlan = {
  prepare: () => Promise.resolve(),
  operation: (system) => system.get("/"),
};

describe("lab.ratio()", () => {
  const labs = useLabs();

  /** Throughput of `trips` round trips per answer, against one; retried while the machine is too busy. */
  async function ratioOf(trips: number): Promise<number> {
    await using submission = await labs.start("trips", { config: { trips } });
    const options = { config: { trips: 1 } };
    for (let attempt = 1;; attempt++) {
      try {
        const { ratio } = await compareWithReference(PLAN, {
          submission: submission.system,
          startReference: async () =>
            (await labs.start("trips", options)).system,
        });
        return ratio;
      } catch (error) {
        if (!(error instanceof Inconclusive) || attempt === 5) throw error;
      }
    }
  }

  it("puts three round trips well below 0.55 of one", async () => {
    expect(await ratioOf(3)).toBeLessThan(0.5);
  });

  it("puts the same code at about 1", async () => {
    expect(await ratioOf(1)).toBeGreaterThan(0.75);
  });
});
