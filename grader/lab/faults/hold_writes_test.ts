import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import type { Lab, Store } from "../types.ts";

describe("lab.holdWrites()", () => {
  const labs = useLabs();
  const admitted = (store: Store | "both") => (lab: Lab) =>
    lab.holdWrites(
      store,
      () => lab.burst(20, (index) => lab.on(index).get("/")),
    )
      .then((answers) => answers.withStatus(200).length);

  it("makes GET then SET admit too many, and INCR exactly the limit", async () => {
    const options = { instances: 2, config: { limit: 10 } };
    const racy = { ...options, config: { limit: 10, how: "get_then_set" } };
    expect(await labs.use("counter", racy, admitted("redis")))
      .toBeGreaterThan(10);
    expect(await labs.use("counter", options, admitted("redis"))).toBe(10);
  });

  it("makes SELECT then UPDATE oversell, a conditional UPDATE not", async () => {
    const options = { instances: 2, config: { units: 5 } };
    const racy = {
      ...options,
      config: { units: 5, how: "select_then_update" },
    };
    expect(await labs.use("stock", racy, admitted("postgres")))
      .toBeGreaterThan(5);
    expect(await labs.use("stock", options, admitted("postgres"))).toBe(5);
  });

  it("says that held writes go on before any of them is answered", async () => {
    const racy = { instances: 2, config: { limit: 10, how: "get_then_set" } };
    await labs.use("counter", racy, async (lab, { evidence }) => {
      await admitted("both")(lab);
      const goOn = evidence.rows
        .findIndex(({ text }) => text === "held writes to redis go on");
      const held = evidence.rows.findIndex(({ heldMs = 0 }) => heldMs > 0);
      expect(goOn).toBeGreaterThan(0);
      expect(held).toBeGreaterThan(goOn);
    });
  });

  it("is inconclusive when nobody writes", async () => {
    const { check } = await labs.check("misdeeds", {}, async (lab) => {
      await lab.holdWrites("both", () => lab.get("/"));
    });
    expect(check.status).toBe("inconclusive");
    expect(check.failure!.rule).toContain("Nobody wrote to Postgres or Redis");
  });
});

describe("lab.holdNext()", () => {
  const labs = useLabs();

  /** Holds a reader's fill until a writer is done; says what readers see afterwards. */
  async function afterLateFill(lab: Lab): Promise<string> {
    const [reader, writer] = [lab.on(0), lab.on(1)];
    using fill = lab.holdNext(reader, "redis", /^SET/);
    const reading = reader.get("/");
    await fill.reached;
    await writer.put("/", "new", { headers: { "content-type": "text/plain" } });
    fill.release();
    await reading;
    return (await writer.get("/")).text;
  }

  it("lets a late fill overwrite a newer value, unless it fills with NX", async () => {
    const racy = { instances: 2, config: { how: "set" } };
    expect(await labs.use("cached", racy, afterLateFill)).toBe("old");
    expect(await labs.use("cached", { instances: 2 }, afterLateFill))
      .toBe("new");
  });

  it("is inconclusive when the command never comes", async () => {
    const { check } = await labs.check("misdeeds", {}, async (lab) => {
      using gate = lab.holdNext(lab.on(0), "redis", /SET/);
      await gate.reached;
    });
    expect(check.status).toBe("inconclusive");
  });
});
