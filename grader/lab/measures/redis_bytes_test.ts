import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import { redisBytes } from "./redis_bytes.ts";

describe("redisBytes()", () => {
  const labs = useLabs();

  it("grows by what is stored, names included", async () => {
    await labs.use("trips", {}, async (lab) => {
      const before = await redisBytes(lab);
      await lab.redis.set("n".repeat(1_000), "v".repeat(2_000));
      await lab.redis.sAdd("set", ["x".repeat(500), "y".repeat(500)]);
      const grown = await redisBytes(lab) - before;
      expect(grown).toBeGreaterThan(4_000);
      expect(grown).toBeLessThan(6_000);
    });
  });
});
