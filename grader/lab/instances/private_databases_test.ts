import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { expect as promise } from "../expect/expect.ts";
import { useLabs } from "../lab_fixture.ts";
import type { Instance } from "../types.ts";

const PRIVATE = {
  instances: 3,
  databases: "private",
  without: ["redis"],
} as const;

describe("private databases", () => {
  const labs = useLabs();
  const notesOn = async (instance: Instance) =>
    (await instance.get("/")).json as string[];

  it("what one instance stores is in its own database only", async () => {
    await labs.use("notes", PRIVATE, async (lab) => {
      await lab.on(1).put("/x");
      const notes = await Promise.all(lab.instances.map(notesOn));
      expect(notes).toEqual([[], ["x"], []]);
      const { A, B } = lab.databases;
      expect(await A!`SELECT text FROM notes`).toHaveLength(0);
      expect(await B!`SELECT text FROM notes`).toHaveLength(1);
      expect(() => lab.sql).toThrow("lab.databases has A,B,C");
    });
  });

  it("a killed instance finds its database as it left it", async () => {
    await labs.use("notes", PRIVATE, async (lab) => {
      await lab.on(2).put("/x");
      await lab.on(2).kill();
      await lab.on(2).restart();
      expect(await notesOn(lab.on(2))).toEqual(["x"]);
    });
  });

  it("the clock moves in all of them", async () => {
    await labs.use("notes", PRIVATE, async (lab) => {
      await lab.clock.advance(60_000);
      await lab.burst(3, (index) => lab.on(index).put("/x"));
      for (const database of Object.values(lab.databases)) {
        const [row] = await database`SELECT at FROM notes`;
        expect(row!.at.getTime()).toBe(lab.clock.now());
      }
    });
  });

  it("holdWrites holds the writers of all of them", async () => {
    await labs.use("notes", PRIVATE, async (lab, { evidence }) => {
      const answers = await lab.holdWrites(
        "postgres",
        () => lab.burst(3, (index) => lab.on(index).put("/x")),
      );
      expect(answers.statuses).toEqual({ 204: 3 });
      const gates = evidence.rows
        .filter(({ text }) => text === "held writes to postgres go on");
      expect(gates).toHaveLength(3);
    });
  });

  it("catches a system that takes its database for everybody's", async () => {
    const outcome = await labs.check("notes", PRIVATE, async (lab) => {
      await lab.on(0).put("/x");
      promise(await notesOn(lab.on(1))).toEqual(["x"]);
    });
    expect(outcome.check.status).toBe("fail");
    const right = { ...PRIVATE, config: { copies: true } };
    const copied = await labs.check("notes", right, async (lab) => {
      await lab.on(0).put("/x");
      promise(await notesOn(lab.on(1))).toEqual(["x"]);
    });
    expect(copied.check.status).toBe("pass");
  });
});
