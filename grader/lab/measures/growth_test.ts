import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import type { Lab } from "../types.ts";

describe("lab.growth()", () => {
  const labs = useLabs();
  const growthOf = (lab: Lab) =>
    lab.growth({
      size: 80_000,
      prepare: async (size) => {
        await lab.sql`TRUNCATE words`;
        await lab.sql`
          INSERT INTO words
          SELECT id, repeat('x', 60) FROM generate_series(1, ${size}::int) AS id`;
        await lab.sql`ANALYZE words`;
      },
      operation: () => lab.get("/word"),
      operations: 15,
    });

  it("is large where a query reads every row, small where an index serves", async () => {
    const slow = { config: { how: "no_index" } };
    // Ten times as many rows: about 6 and about 1, and a busy machine confuses neither with the other.
    expect(await labs.use("trips", slow, growthOf)).toBeGreaterThan(2);
    expect(await labs.use("trips", {}, growthOf)).toBeLessThan(2);
  });
});
