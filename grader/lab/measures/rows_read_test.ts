import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import type { Lab } from "../types.ts";
import { rowsRead, vacuum } from "./rows_read.ts";

describe("rowsRead()", () => {
  const labs = useLabs();

  it("tells a query with an index from one that reads the whole table", async () => {
    const find = (how: string) =>
      labs.use("trips", { config: { how } }, async (lab) => {
        await fill(lab);
        return await rowsRead(lab, () => askOnce(lab));
      });
    expect(await find("with_index")).toBeLessThanOrEqual(2);
    expect(await find("no_index")).toBeGreaterThanOrEqual(3_000);
  });

  it("counts what other sessions have handed in only before", async () => {
    await labs.use("trips", { config: { how: "no_index" } }, async (lab) => {
      await fill(lab);
      for (let n = 0; n < 5; n++) await lab.get("/word");
      expect(await rowsRead(lab, () => Promise.resolve())).toBe(0);
    });
  });
});

async function fill(lab: Lab): Promise<void> {
  await lab.sql`
    INSERT INTO words SELECT n, 'word' FROM generate_series(1, 3000) n`;
  await vacuum(lab);
}

/** Its connections are broken: the first tries may fail, and read nothing. */
async function askOnce(lab: Lab): Promise<void> {
  await lab.eventually(async () => {
    expect((await lab.get("/word")).status).toBe(200);
  });
}
