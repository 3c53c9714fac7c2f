import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  hasCome,
  type Lab,
  type Requester,
} from "@lab";
import { createAll, expectEntry, freshEntries } from "./entries.ts";

const SHARDED = { shards: 4, config: { shardsInUse: 4 } } as const;
const BATCH = 100;
/** One for each shard and one for the map; the rest is for what an instance may do in the background. */
const SQL_MESSAGES_MAX = 8;
const REDIS_ROUND_TRIPS_MAX = 10;
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
      `${BATCH} keys on 4 shards cost at most ${SQL_MESSAGES_MAX} SQL messages`,
    ).toBeLessThanOrEqual(SQL_MESSAGES_MAX);
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
    kind: "race",
    hint:
      "Questions to different shards need not wait for each other: Promise.all, not a loop with await.",
    ...SHARDED,
  }, async (lab) => {
    const entries = freshEntries(lab, BATCH);
    const keys = [...entries.keys()];
    await createAll(lab, entries);
    await batchGet(lab, keys.slice(0, 1));
    await lab.redis.flushAll();

    using gates = new DisposableStack();
    const held = Object.keys(lab.shards).map((shard) =>
      gates.use(lab.holdNext(lab.on(0), { shard }, /./))
    );
    const reading = batchGet(lab, keys);
    reading.catch(() => {}); // Looked at below.
    const asked = await Promise.all(held.map((gate) => hasCome(gate)));
    gates.dispose();
    await reading;
    if (!asked.includes(true)) lab.inconclusive("No shard was asked");
    expect(
      asked.filter((isAsked) => isAsked),
      "While no shard has answered yet, all four are asked",
    ).toHaveLength(held.length);
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
