import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type Lab, type Requester } from "@lab";
import { createAll, expectEntry, freshEntries } from "./entries.ts";

const SHARDED = { shards: 4, config: { shardsInUse: 4 } } as const;
const BATCH = 100;
const REDIS_ROUND_TRIPS_MAX = 4;
const CLIENTS = 50;

describe("01.8 Batch", () => {
  check("01.8a", {
    title: "reads a hundred keys with one question per shard",
    kind: "load",
    hint:
      "Group the keys by shard and ask each shard once, with = ANY. One more question may ask which shards there are.",
    ...SHARDED,
  }, async (lab) => {
    const entries = freshEntries(lab, BATCH);
    await createAll(lab, entries);
    await lab.redis.flushAll();
    const keys = [...entries.keys()];
    await batchGet(lab, keys.slice(0, 1));
    const { result, wire } = await lab.count(() => batchGet(lab, keys));
    expect(result.json?.entries, "Each key with its value and version")
      .toEqual(Object.fromEntries(
        [...entries].map(([key, value]) => [key, { value, version: 1 }]),
      ));
    expect(
      wire.postgres.messages,
      `${BATCH} keys on 4 shards cost at most 4 + 1 SQL messages`,
    ).toBeLessThanOrEqual(5);
    expect(
      wire.redis.roundTrips,
      `…and at most ${REDIS_ROUND_TRIPS_MAX} round trips to Redis`,
    ).toBeLessThanOrEqual(REDIS_ROUND_TRIPS_MAX);
    const unknown = `no-${lab.random.word(8)}`;
    const some = await batchGet(lab, [keys[0]!, unknown]);
    expect(some.json?.entries?.[unknown], "A key that does not exist is null")
      .toBe(null);
  });

  check("01.8b", {
    title: "asks the shards at the same time",
    kind: "load",
    hint:
      "Questions to different shards need not wait for each other: Promise.all, not a loop with await.",
    timeoutMs: 60_000,
    ...SHARDED,
  }, async (lab) => {
    const keys = [...freshEntries(lab, 20).keys()];
    const { ratio } = await lab.ratio({
      prepare: async (system) => {
        for (const key of keys) {
          const answer = await system.put(`/kv/${key}`, { value: "x" });
          expect(answer, "PUT of a new key answers 201").toHaveStatus(201);
        }
      },
      operation: (system) => batchGet(system, keys),
    });
    expect(ratio, "Batches per second, divided by the reference's")
      .toBeGreaterThanOrEqual(0.55);
  });

  check("01.8c", {
    title: "serves fifty clients from a pool of ten connections",
    kind: "load",
    hint:
      "Whoever holds a connection and waits for a second one of the same pool waits for somebody who does the same.",
    timeoutMs: 20_000,
    ...SHARDED,
  }, async (lab) => {
    const entries = [...freshEntries(lab, CLIENTS)];
    const writes = await lab.burst(CLIENTS, (index) => {
      const [key, value] = entries[index]!;
      return lab.put(`/kv/${key}`, { value });
    });
    expect(writes.statuses, `${CLIENTS} writes at once are all answered`)
      .toEqual({ 201: CLIENTS });
    await lab.redis.flushAll();
    const reads = await lab.burst(
      CLIENTS,
      (index) => lab.get(`/kv/${entries[index]![0]}`),
    );
    for (const [index, answer] of reads.entries()) {
      expectEntry(
        answer,
        { value: entries[index]![1], version: 1 },
        `${CLIENTS} reads at once are all answered, and right`,
      );
    }
  });
});

async function batchGet(
  system: Lab | Requester,
  keys: readonly string[],
): Promise<Answer> {
  const answer = await system.post("/kv:batchGet", { keys });
  expect(answer, "POST /kv:batchGet answers 200").toHaveStatus(200);
  return answer;
}
