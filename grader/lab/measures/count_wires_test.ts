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
      expect(wire.postgres)
        .toEqual({ messages: 0, bytesReceived: 0, statements: [] });
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

  it("tells who reads everything from who reads what is asked for", async () => {
    const options = { instances: 2, config: { trips: 1 } };
    await labs.use("trips", options, async (lab) => {
      const bytesAfter = async (length: number) => {
        await lab.redis.set("key:0", "x".repeat(length));
        await lab.sql`INSERT INTO words
          SELECT 7, 'word' FROM generate_series(1, ${length}::int)`;
        const { wire } = await lab.count(() =>
          lab.burst(4, (n) => lab.on(n).get(n < 2 ? "/" : "/word"))
        );
        return wire;
      };
      await bytesAfter(1);
      const [few, many] = [await bytesAfter(9), await bytesAfter(990)];
      expect(few.redis.bytesReceived).toBe(2 * "$9\r\nxxxxxxxxx\r\n".length);
      expect(many.redis.bytesReceived).toBe(2 * (990 + "$990\r\n\r\n".length));
      expect(many.postgres.bytesReceived)
        .toBeGreaterThan(50 * few.postgres.bytesReceived);
    });
  });

  it("counts calls of upstreams by name", async () => {
    await labs.use("echo", { upstreams: ["bank"] }, async (lab) => {
      lab.upstream("bank").script([], { status: 200, body: {} });
      const { wire } = await lab.count(() => lab.get("/upstream"));
      expect(wire.upstreams).toEqual({ bank: 1 });
    });
  });

  it("counts the connections that were opened to an upstream", async () => {
    await labs.use("echo", { upstreams: ["bank"] }, async (lab) => {
      lab.upstream("bank").script([], { status: 200, body: {} });
      const { wire } = await lab.count(() =>
        lab.burst(3, () => lab.get("/upstream"))
      );
      // `fetch` opens one for each call.
      expect(wire.connections.upstreams).toEqual({ bank: 3 });
    });
  });
});
