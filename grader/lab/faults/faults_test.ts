import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import type { Lab } from "../types.ts";

describe("faults of the lab", () => {
  const labs = useLabs();
  const statusOf = async (lab: Lab, path: string) =>
    (await lab.get(path, { timeoutMs: 500 })).status;

  it("cut: the store refuses until healed", async () => {
    await labs.use("echo", { instances: 2 }, async (lab) => {
      const cut = lab.cut({ store: "redis", instance: lab.on(0) });
      expect((await lab.on(0).get("/redis")).status).toBe(500);
      expect((await lab.on(1).get("/redis")).status).toBe(200);
      expect(cut.hits).toBeGreaterThan(0);
      cut.heal();
      await lab.eventually(async () =>
        expect(await statusOf(lab, "/redis")).toBe(200)
      );
    });
  });

  it("blackhole: the store never answers until healed", async () => {
    await labs.use("echo", {}, async (lab) => {
      {
        using hole = lab.blackhole({ store: "postgres" });
        const lost = await lab.get("/postgres", { timeoutMs: 300 });
        expect([lost.status, lost.outcome, lost.reason])
          .toEqual([0, "maybe", "none within 300 ms"]);
        expect(hole.hits).toBeGreaterThan(0);
      }
      await lab.eventually(async () =>
        expect(await statusOf(lab, "/postgres")).toBe(200)
      );
    });
  });

  it("latency: every round trip takes longer", async () => {
    await labs.use("trips", { config: { trips: 5 } }, async (lab) => {
      using _latency = lab.latency({ store: "redis" }, 20);
      const startedMs = performance.now();
      await lab.get("/");
      expect(performance.now() - startedMs).toBeGreaterThan(5 * 20);
    });
  });

  it("slice: byte by byte changes nothing but the pace", async () => {
    await labs.use("echo", {}, async (lab) => {
      using slices = lab.slice({ store: "postgres" });
      expect((await lab.get("/postgres")).json).toEqual([{ one: 1 }]);
      expect(slices.hits).toBeGreaterThan(0);
    });
  });

  it("pause and restart: Redis is silent, then back, then empty", async () => {
    await labs.use("echo", {}, async (lab) => {
      const pause = await lab.pause("redis");
      expect(await statusOf(lab, "/redis")).toBe(0);
      pause.heal();
      expect(await statusOf(lab, "/redis")).toBe(200);
      await lab.redis.set("key", "x");
      await lab.restart("redis");
      expect(await lab.redis.get("key")).toBeNull();
      await lab.eventually(async () =>
        expect(await statusOf(lab, "/redis")).toBe(200)
      );
    });
  });

  it("dropConnections: backends are gone, the next ones work", async () => {
    await labs.use("echo", {}, async (lab) => {
      const backend = async () => {
        const rows = await lab.sql`
          SELECT pid FROM pg_stat_activity WHERE application_name = 'instance A'`;
        return rows.map(({ pid }) => pid);
      };
      await lab.get("/postgres");
      const before = await backend();
      expect(before).toHaveLength(1);
      await lab.dropConnections("postgres");
      await lab.eventually(async () =>
        expect(await statusOf(lab, "/postgres")).toBe(200)
      );
      expect(await backend()).not.toEqual(before);
    });
  });

  it("partitions peers, and upstreams", async () => {
    const options = { instances: 3, upstreams: ["bank"] };
    await labs.use("echo", options, async (lab) => {
      lab.upstream("bank").script([], { status: 200, body: { ok: true } });
      expect((await lab.get("/peers")).json).toEqual(["B", "C"]);
      expect((await lab.get("/upstream")).json).toEqual({ ok: true });
      using _peer = lab.cut({ peer: "B", instance: lab.on(0) });
      using _upstream = lab.cut({ upstream: "bank" });
      expect(await statusOf(lab, "/peers")).toBe(500);
      expect((await lab.on(1).get("/peers")).json).toEqual(["A", "C"]);
      expect(await statusOf(lab, "/upstream")).toBe(500);
    });
  });

  it("says so when there is no such target", async () => {
    await labs.use("echo", {}, (lab) => {
      expect(() => lab.cut({ peer: "B" })).toThrow(
        "nothing on the way to peer B",
      );
      expect(() => lab.upstream("bank")).toThrow('no upstream "bank"');
      return Promise.resolve();
    });
  });
});
