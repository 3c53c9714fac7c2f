import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import { create, expectEntry, freshEntries, replace } from "./entries.ts";
import { answeredStepByStep } from "./step_by_step.ts";

describe("01.2 Durable KV", () => {
  check("01.2a", {
    title: "keeps values and counts their versions, on every instance",
    kind: "pg",
    hint:
      "One table, one upsert. RETURNING tells the version, and a version of 1 tells that the key is new.",
    instances: 2,
  }, async (lab) => {
    const [[key, first]] = [...freshEntries(lab, 1)] as [[string, string]];
    for (const instance of lab.instances) {
      const answer = await instance.get(`/kv/${key}`);
      expect(answer, "GET of an unknown key answers 404").toHaveStatus(404);
      expect(answer.json?.code, "…not_found").toBe("not_found");
    }
    await create(lab.on(0), key, first);
    for (const instance of lab.instances) {
      expectEntry(
        await instance.get(`/kv/${key}`),
        { value: first, version: 1 },
        "What A has stored, A and B give",
      );
    }
    for (let version = 2; version <= 4; version++) {
      const value = `it's "${lab.random.word(6)}" \u00fc\u{1f511}`;
      expect(
        await replace(lab.on(version), key, value),
        "PUT answers with the version that it has written",
      ).toBe(version);
      expectEntry(
        await lab.on(version + 1).get(`/kv/${key}`),
        { value, version },
        "Each write adds 1 to the version",
      );
    }
  });

  check("01.2b", {
    title: "loses nothing that it has acknowledged, wherever it is killed",
    kind: "fault",
    hint:
      "Answer only after the database has: await the query, and the COMMIT if there is one.",
  }, async (lab) => {
    for (const round of [1, 2]) {
      const [[key, value]] = [...freshEntries(lab, 1)] as [[string, string]];
      const { answer, release } = await answeredStepByStep(
        lab,
        lab.on(0),
        () => lab.put(`/kv/${key}`, { value }),
      );
      await lab.on(0).kill();
      release();
      // A copy in a cache is no copy.
      await lab.redis.flushAll();
      await lab.on(0).restart();
      expect(answer, `PUT ${round} of a new key answers 201`)
        .toHaveStatus(201);
      expectEntry(
        await lab.get(`/kv/${key}`),
        { value, version: 1 },
        "Killed right after the 201 and restarted, it still has the value",
      );
    }
  });

  check("01.2c", {
    title: "is set up by two instances at the same moment",
    kind: "pg",
    hint:
      "IF NOT EXISTS looks, then creates: two can look at once. Take pg_advisory_xact_lock first, in the same transaction.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    await create(lab.on(0), `key-${lab.random.word(8)}`, "x");
    await lab.setUpTogether();
    const [[key, value]] = [...freshEntries(lab, 1)] as [[string, string]];
    await create(lab.on(0), key, value);
    expectEntry(
      await lab.on(1).get(`/kv/${key}`),
      { value, version: 1 },
      "After a start in the same moment both instances work",
    );
  });
});
