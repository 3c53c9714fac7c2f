import { describe } from "@std/testing/bdd";
import { check, expect, type Lab, type WireCounts } from "@lab";
import {
  expectEverywhere,
  expectItem,
  freshId,
  freshValue,
  putItem,
  putItems,
} from "./items.ts";
import {
  expectReport,
  freshReport,
  reportBody,
  scriptLoader,
} from "./reports.ts";

const BATCH = 100;

describe("04.8 Hit rate", () => {
  check("04.8a", {
    title: "needs one round trip for a hit",
    kind: "load",
    hint:
      "One command reads an entry with all that is to be known about it; nothing has to be asked before or after.",
  }, async (lab) => {
    const [[id, value]] = [...await putItems(lab, 1)] as [[string, string]];
    const report = freshReport(lab);
    scriptLoader(lab);
    await lab.get(`/items/${id}`);
    await lab.get(`/reports/${report}`);
    for (
      const read of [
        async () =>
          expectItem(
            await lab.get(`/items/${id}`),
            { id, value },
            "A cached item is served",
          ),
        async () =>
          expectReport(
            await lab.get(`/reports/${report}`),
            reportBody(report, 1),
          ),
      ]
    ) {
      const { wire } = await lab.count(async () => {
        for (let turn = 0; turn < 50; turn++) await read();
      });
      expect(
        roundTrips(wire),
        "50 hits, one after the other, cost at most 50 Redis round trips",
      ).toBeLessThanOrEqual(50);
      expect(wire.postgres.messages, "…and no SQL").toBe(0);
    }
  });

  check("04.8b", {
    title: "answers a batch with one look into the cache and one query",
    kind: "load",
    hint:
      "MGET for all, then one SELECT … WHERE id = ANY(…) for what is missing, then one command that fills it in.",
  }, async (lab) => {
    const items = [...await putItems(lab, BATCH - 10)];
    await lab.redis.flushAll();
    const known = items.slice(0, 40).map(([id]) => id);
    await batchGet(lab, known);

    const unknown = Array.from({ length: 9 }, () => freshId(lab));
    const [twice] = items[0]!;
    const values = new Map(items);
    const ids = [
      ...lab.random.shuffle([...values.keys(), ...unknown]),
      twice,
    ];
    const { result: found, wire } = await lab.count(() => batchGet(lab, ids));
    expect(
      found,
      "A batch answers in the order of its ids, null for an unknown one, twice for one that is named twice",
    ).toEqual(ids.map((id) => {
      const value = values.get(id);
      return value === undefined ? null : { id, value };
    }));
    expect(
      wire.postgres.messages,
      "A batch of 100 ids, 59 of them not cached, costs one query",
    )
      .toBeLessThanOrEqual(1);
    expect(
      roundTrips(wire),
      "…and two Redis round trips: one to look, one to fill",
    ).toBeLessThanOrEqual(2);

    const { wire: again } = await lab.count(() =>
      batchGet(lab, [...values.keys()])
    );
    expect(again.postgres.messages, "What a batch has read is cached").toBe(0);
    expect(roundTrips(again), "…and 90 hits cost one round trip")
      .toBeLessThanOrEqual(1);

    for (
      const ids of [
        [],
        Array.from({ length: BATCH + 1 }, () => freshId(lab)),
        "x",
      ]
    ) {
      const refused = await lab.post("/items:batchGet", { ids });
      expect(refused, "ids is a list of 1 to 100 strings").toHaveStatus(422);
      expect(refused.json?.code, "…and the answer says so").toBe("invalid_ids");
    }
  });

  check("04.8c", {
    title: "keeps what a write has not touched",
    kind: "load",
    hint:
      "A write of one item makes one entry wrong. Forget that one, and no other.",
    instances: 2,
  }, async (lab) => {
    const items = await putItems(lab, 40);
    await lab.redis.flushAll();
    const ids = [...items.keys()];
    const cached = new Set<string>();
    let [reads, hits, modelHits] = [0, 0, 0];
    for (let turn = 0; turn < 200; turn++) {
      const id = zipf(lab, ids);
      if (lab.random.integer(1, 20) === 1) {
        const value = freshValue(lab);
        await putItem(lab.on(turn), id, value);
        items.set(id, value);
        cached.delete(id);
        continue;
      }
      reads++;
      if (cached.has(id)) modelHits++;
      cached.add(id);
      const { result: answer, wire } = await lab.count(() =>
        lab.on(turn).get(`/items/${id}`)
      );
      expectItem(
        answer,
        { id, value: items.get(id)! },
        "A read gives what was written last",
      );
      if (wire.postgres.messages === 0) hits++;
    }
    lab.note(
      `${hits} of ${reads} reads cost no SQL; a perfect cache-aside has ${modelHits}`,
    );
    expect(
      hits / reads,
      "Of reads by Zipf's law with 5 % writes, at least 0.95 times as many hit the cache as in the model, in which a write touches its own item only",
    ).toBeGreaterThanOrEqual(0.95 * modelHits / reads);
  });

  check("04.8d", {
    title: "holds a batch to the rules of a single read",
    kind: "race",
    hint:
      "A batch fills the cache as a read does, under the rule of 04.5, and goes on without Redis as in 04.7.",
    instances: 2,
  }, async (lab) => {
    const [id, old, value] = [freshId(lab), freshValue(lab), freshValue(lab)];
    await putItem(lab.on(1), id, old);
    await lab.redis.flushAll();
    using asking = lab.holdNextReply(lab.on(0), "postgres", /./);
    const early = lab.post("/items:batchGet", { ids: [id] });
    await asking.reached;
    await putItem(lab.on(1), id, value);
    asking.release();
    expect(await early, "POST /items:batchGet answers 200").toHaveStatus(200);
    await expectEverywhere(
      lab,
      { id, value },
      "A batch had the old value in hand, the item was written, the batch filled the cache: the new value is served",
    );

    using _outage = lab.cut({ store: "redis" });
    expect(
      await batchGet(lab, [id]),
      "With Redis refusing, a batch is answered from Postgres",
    ).toEqual([{ id, value }]);
  });
});

/** A PING to learn whether Redis is there is no look into the cache. */
function roundTrips({ redis }: WireCounts): number {
  return redis.roundTrips - (redis.byName.PING ?? 0);
}

async function batchGet(lab: Lab, ids: readonly string[]): Promise<unknown> {
  const answer = await lab.post("/items:batchGet", { ids });
  expect(answer, "POST /items:batchGet answers 200").toHaveStatus(200);
  return answer.json?.items;
}

/** The n-th id is drawn in proportion to 1 ÷ n: a few are popular, most are not. */
function zipf({ random }: Lab, ids: readonly string[]): string {
  const total = ids.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
  let left = random.fraction() * total;
  const index = ids.findIndex((_, index) => (left -= 1 / (index + 1)) < 0);
  return ids[Math.max(0, index)]!;
}
