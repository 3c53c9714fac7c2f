import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { expect as labExpect } from "../expect/expect.ts";
import { useLabs } from "../lab_fixture.ts";
import type { CrashPoint } from "./types.ts";
import type { Lab } from "../types.ts";

const OPTIONS = { upstreams: ["bank"], timeoutMs: 60_000 };

describe("lab.crashSweep()", () => {
  const labs = useLabs();

  /** Orders once per point, retries after the crash, and asks the bank how many charges that made. */
  async function chargesOnce(lab: Lab): Promise<readonly CrashPoint[]> {
    const { points } = await lab.crashSweep({
      operation: (point) => lab.post(`/order-${point}`),
      verify: async ({ index }) => {
        const retried = await lab.post(`/order-${index}`);
        labExpect(retried.outcome, "A retry succeeds").toBe("ok");
        const keys = lab.upstream("bank").calls
          .map(({ headers }) => headers.get("idempotency-key"));
        const own = new Set(keys.slice(seen));
        seen = keys.length;
        labExpect(own.size, "An order is charged once").toBe(1);
      },
    });
    return points;
  }
  let seen = 0;

  it("finds the crash after which a charge without a key is made twice", async () => {
    seen = 0;
    const { check } = await labs.check(
      "charges",
      { ...OPTIONS, config: { how: "no_key" } },
      async (lab) => void await chargesOnce(lab),
    );
    expect(check.status).toBe("fail");
    expect(check.failure!.rule).toBe("An order is charged once");
    expect(check.failure!.received).toBe("2");
    expect(check.failure!.hint).toContain('Killed after "POST /charges"');
  });

  it("passes charges with a key, at every point before and after every message", async () => {
    seen = 0;
    await labs.use("charges", OPTIONS, async (lab) => {
      const points = await chargesOnce(lab);
      expect(
        points.map(({ side, message }) => `${side} ${message.slice(0, 15)}`),
      )
        .toEqual([
          "before SELECT 1 FROM c",
          "after SELECT 1 FROM c",
          "before POST /charges",
          "after POST /charges",
          "before INSERT INTO cha",
          "after INSERT INTO cha",
        ]);
    });
  });

  it("is inconclusive when the operation sends nothing", async () => {
    const { check } = await labs.check("misdeeds", {}, async (lab) => {
      const operation = () => lab.get("/");
      const verify = () => Promise.resolve();
      await lab.crashSweep({ operation, verify });
    });
    expect(check.status).toBe("inconclusive");
  });
});
