import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { expect as promise } from "../expect/expect.ts";
import { useLabs } from "../lab_fixture.ts";
import type { Instance } from "../types.ts";

const COPIES = {
  instances: 3,
  databases: "private",
  without: ["redis"],
  config: { copies: true },
} as const;

describe("lab.partition()", () => {
  const labs = useLabs();
  const notesOn = async (instance: Instance) =>
    (await instance.get("/")).json as string[];

  for (const how of ["cut", "blackhole"] as const) {
    it(`${how}: parts the groups both ways, until healed`, async () => {
      await labs.use("notes", COPIES, async (lab) => {
        const [a, b, c] = lab.instances as [Instance, Instance, Instance];
        const partition = lab.partition([[a], [b, c]], how);
        await a.put("/from-a");
        await b.put("/from-b");
        expect(await Promise.all([a, b, c].map(notesOn)))
          .toEqual([["from-a"], ["from-b"], ["from-b"]]);
        // A to B and C, B to A. C, which had nothing to tell, found nothing cut.
        expect(partition.hits).toBeGreaterThanOrEqual(3);
        partition.heal();
        await c.put("/x");
        expect(await notesOn(a)).toEqual(["from-a", "x"]);
      });
    });
  }

  it("catches a system whose promise needs the other side", async () => {
    const outcome = await labs.check("notes", COPIES, async (lab) => {
      const [a, b, c] = lab.instances as [Instance, Instance, Instance];
      {
        using _partition = lab.partition([[a, b], [c]]);
        await a.put("/x");
      }
      await c.put("/y");
      promise(await notesOn(c)).toEqual(["x", "y"]);
    });
    expect(outcome.check.status).toBe("fail");
  });

  it("wants each instance in exactly one group", async () => {
    await labs.use("notes", COPIES, (lab) => {
      const [a, b] = lab.instances as [Instance, Instance];
      for (const groups of [[[a], [b]], [lab.instances], [[a, b], [b]]]) {
        expect(() => lab.partition(groups)).toThrow(
          "each of A,B,C in one of them",
        );
      }
      return Promise.resolve();
    });
  });
});
