import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import type { Lab } from "../types.ts";

/** More than a pool has connections: each of them breaks once. */
const TURNS = 12;

describe("a transaction whose connection breaks", () => {
  const labs = useLabs();
  const config = { units: 10_000, how: "in_a_transaction" };

  /** How many answers there were of each status. */
  async function sell(lab: Lab, count: number) {
    return (await lab.burst(count, () => lab.post("/"))).statuses;
  }

  it("fails, and the next one has a connection", async () => {
    await labs.use("stock", { config }, async (lab) => {
      let sold = 0;
      for (let turn = 0; turn < TURNS; turn++) {
        using held = lab.holdNext(lab.on(0), "postgres", /SELECT units/);
        const selling = sell(lab, 5);
        await held.reached;
        const cut = lab.cut({ store: "postgres" });
        expect(await selling).toEqual({ 500: 5 });
        cut.heal();
        // An idle connection may still have to hear of its end.
        await lab.eventually(async () => {
          const statuses = await sell(lab, 20);
          sold += statuses[200] ?? 0;
          expect(statuses).toEqual({ 200: 20 });
        });
      }
      const [row] = await lab.sql`SELECT units FROM stock`;
      expect(row!.units).toBe(10_000 - sold);
    });
  });

  it("does not go on in what runs on the next connection", async () => {
    const options = { config, upstreams: ["bank"] };
    await labs.use("stock", options, async (lab) => {
      const bank = lab.upstream("bank");
      bank.script([{ status: 200, hold: true }], { status: 200 });
      const lost = lab.post("/");
      await lab.eventually(() => expect(bank.held).toBe(1));
      lab.cut({ store: "postgres" }).heal();
      const statuses = await sell(lab, 20);
      bank.release();
      expect((await lost).status).toBe(500);
      const [row] = await lab.sql`SELECT units FROM stock`;
      expect(row!.units).toBe(10_000 - statuses[200]!);
    });
  });
});
