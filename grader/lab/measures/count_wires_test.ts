import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";

describe("lab.count()", () => {
  const labs = useLabs();

  it("counts what crossed the wires during the operation, on all instances", async () => {
    const options = { instances: 2, config: { trips: 3 } };
    await labs.use("trips", options, async (lab) => {
      await lab.get("/");
      const { result, wire } = await lab.count(() =>
        lab.burst(4, (index) => lab.on(index).get("/"))
      );
      expect(result.statuses).toEqual({ 200: 4 });
      expect(wire.redis).toMatchObject({ commands: 12, byName: { GET: 12 } });
      expect(wire.postgres).toEqual({ messages: 0, statements: [] });
    });
  });

  it("leaves out what the check itself asks the stores", async () => {
    await labs.use("trips", {}, async (lab) => {
      const { wire } = await lab.count(async () => {
        await lab.redis.get("x");
        await lab.sql`SELECT 1`;
        await lab.get("/word");
      });
      expect(wire.redis.commands).toBe(0);
      expect(wire.postgres.statements)
        .toEqual(["SELECT word FROM words WHERE id = 7"]);
    });
  });

  it("counts calls of upstreams by name", async () => {
    await labs.use("echo", { upstreams: ["bank"] }, async (lab) => {
      lab.upstream("bank").script([], { status: 200, body: {} });
      const { wire } = await lab.count(() => lab.get("/upstream"));
      expect(wire.upstreams).toEqual({ bank: 1 });
    });
  });
});
