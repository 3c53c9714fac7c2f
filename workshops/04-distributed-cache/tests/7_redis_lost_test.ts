import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type Lab } from "@lab";
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
import { withTablesLocked } from "./table_lock.ts";

const IN_FLIGHT_MAX = 4;
const ITEMS = 50;
/** Room for who asks Postgres by itself. Who shares no queries sends the first four of each instance for one item. */
const MESSAGES_MAX = ITEMS + 5;
const DEADLINE = { redisDeadlineMs: 200 };
/** Many times the deadline: only an answer that waits for Redis takes longer. */
const ANSWER_MS = 2_500;
const GOES_THROUGH = { rule: "With Redis away a write goes through" };

describe("04.7 Redis lost", () => {
  check("04.7a", {
    title: "lets a few queries through when the cache is empty, not all",
    kind: "fault",
    hint:
      "One query per item and instance (they all want the same), and at most dbInFlightMax of them at a time.",
    instances: 2,
    config: { dbInFlightMax: IN_FLIGHT_MAX, dbQueueMax: 1_000 },
  }, async (lab) => {
    const items = [...await putItems(lab, ITEMS)];
    // Four requests in a row on one instance want the same.
    const itemOf = (index: number) =>
      items[2 * Math.floor(index / 8) + index % 2]!;
    await lab.redis.flushAll();
    const { result: answers, wire } = await lab.count(async () => {
      let reading: Promise<Answer[]> | undefined;
      await withTablesLocked(lab, async (lock) => {
        reading = lab.burst(
          200,
          (index) => lab.on(index).get(`/items/${itemOf(index)[0]}`),
        );
        expect(
          await lock.waitingMax(),
          `The cache was lost and 200 requests came: at most dbInFlightMax (${IN_FLIGHT_MAX}) queries of each of 2 instances are under way`,
        ).toBeLessThanOrEqual(2 * IN_FLIGHT_MAX);
      });
      return await reading!;
    });
    for (const [index, answer] of answers.entries()) {
      const [id, value] = itemOf(index);
      expectItem(
        answer,
        { id, value },
        "Everybody gets the right item in the end",
      );
    }
    expect(
      wire.postgres.messages,
      "200 requests for 50 items, four for each and these on one instance, cost one query an item (and at most five more)",
    ).toBeLessThanOrEqual(MESSAGES_MAX);
  });

  check("04.7b", {
    title: "turns requests away when the line is full",
    kind: "fault",
    hint:
      "A bulkhead has a line of dbQueueMax; who finds it full is told 503 overloaded at once.",
    config: { dbInFlightMax: 2, dbQueueMax: 10 },
  }, async (lab) => {
    const [[id, value]] = [...await putItems(lab, 1)] as [[string, string]];
    const requests = 40;
    const answers: Answer[] = [];
    let reading: Promise<Answer[]> | undefined;
    await withTablesLocked(lab, async () => {
      reading = lab.burst(requests, async () => {
        const answer = await lab.get(`/items/${freshId(lab)}`);
        answers.push(answer);
        return answer;
      });
      await lab.eventually(() =>
        expect(
          answers.length,
          "2 of 40 requests are under way, 10 wait, the other 28 are answered at once",
        ).toBe(requests - 12)
      );
    });
    for (const answer of answers.slice(0, requests - 12)) {
      expect(answer, "Who finds the line full is turned away").toHaveStatus(
        503,
      );
      expect(answer.json?.code, "…is told why").toBe("overloaded");
      expect(answer.headers.get("retry-after"), "…and when to come back").not
        .toBeNull();
    }
    await reading;
    for (const answer of answers.slice(requests - 12)) {
      expect(answer, "Who was in the line is answered when its turn has come")
        .toHaveStatus(404);
    }
    await lab.redis.flushAll();
    expectItem(
      await lab.get(`/items/${id}`),
      { id, value },
      "Afterwards all is as before",
    );
  });

  check("04.7c", {
    title:
      "answers without Redis while it is silent or refuses, and comes back by itself",
    kind: "fault",
    hint:
      "Race Redis against redisDeadlineMs; when it loses, or refuses, go on as on a miss.",
    instances: 2,
    config: DEADLINE,
  }, async (lab) => {
    scriptLoader(lab);
    const items = [...await putItems(lab, 10)];
    await readItems(lab, items, "there");
    const silence = lab.blackhole({ store: "redis" });
    await inTime(lab, () => readAll(lab, items, "silent"));
    if (silence.hits === 0) lab.inconclusive("Nobody asked Redis");
    using refusal = lab.cut({ store: "redis" });
    silence.heal();
    await inTime(lab, () => readAll(lab, items, "refusing"));
    refusal.heal();
    await expectCached(lab, items);
  });

  check("04.7d", {
    title: "makes up for what the cache was not told",
    kind: "fault",
    hint:
      "A write whose news did not reach Redis leaves an old entry there. Remember which, and tell it when it answers again.",
    instances: 2,
    config: DEADLINE,
  }, async (lab) => {
    const [lost, refused, other] = [freshId(lab), freshId(lab), freshId(lab)];
    const [old, value] = [freshValue(lab), freshValue(lab)];
    for (const id of [lost, refused, other]) {
      await putItem(lab.on(0), id, old);
      await expectEverywhere(
        lab,
        { id, value: old },
        "A cached item is served",
      );
    }
    const silence = lab.blackhole({ store: "redis" });
    await inTime(lab, async () => {
      await putItem(lab.on(0), lost, value, GOES_THROUGH);
      const answers = await lab.burst(
        2,
        (index) => lab.on(index).get(`/items/${lost}`),
      );
      for (const answer of answers) {
        expectItem(
          answer,
          { id: lost, value },
          "With Redis silent, a write is seen at once all the same",
        );
      }
    });
    if (silence.hits === 0) lab.inconclusive("Nobody asked Redis");
    // What was sent into the silence is lost with its connection: it would make up for nothing but by chance.
    using refusal = lab.cut({ store: "redis" });
    silence.heal();
    await putItem(lab.on(1), refused, value, GOES_THROUGH);
    refusal.heal();
    // A read while Redis is on its way back would make up for it, too: this one waits until it is there.
    await expectCached(lab, [[other, old]]);
    await expectCached(lab, [[lost, value], [refused, value]]);
  });
});

type StoredItem = readonly [id: string, value: string];

/** Asks for each item on both instances. */
async function readItems(
  lab: Lab,
  items: readonly StoredItem[],
  redis: "there" | "silent" | "refusing",
): Promise<void> {
  await lab.burst(2 * items.length, async (index) => {
    const [id, value] = items[Math.floor(index / 2)]!;
    const answer = await lab.on(index).get(`/items/${id}`);
    const rule = `With Redis ${redis}, items are answered`;
    expectItem(answer, { id, value }, rule);
    return answer;
  });
}

/** The items, and a report that has yet to be made. */
async function readAll(
  lab: Lab,
  items: readonly StoredItem[],
  redis: "silent" | "refusing",
): Promise<void> {
  const id = freshReport(lab);
  const [report] = await Promise.all([
    lab.get(`/reports/${id}`),
    readItems(lab, items, redis),
  ]);
  const rule = `With Redis ${redis}, a report is made all the same`;
  expectReport(report, reportBody(id, 1), rule);
}

/** Polls until reads cost no SQL on any instance, with the right values: the cache is back. */
async function expectCached(
  lab: Lab,
  items: readonly StoredItem[],
): Promise<void> {
  await lab.eventually(async () => {
    const { wire } = await lab.count(async () => {
      for (const [id, value] of items) {
        await expectEverywhere(
          lab,
          { id, value },
          "Soon after Redis is back, both instances serve what was written last",
        );
      }
    });
    expect(
      wire.postgres.messages,
      "Soon after Redis is back, items are served from it again",
    ).toBe(0);
  });
}

/** No request of `operation` waits for Redis longer than it should, or the machine is too slow to tell. */
async function inTime<T>(lab: Lab, operation: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const [result, controlMs] = await Promise.all([
    operation(),
    (async () => {
      await lab.get("/nothing/here");
      return performance.now() - startedMs;
    })(),
  ]);
  const tookMs = performance.now() - startedMs;
  if (tookMs > ANSWER_MS && controlMs > 100) {
    lab.inconclusive(`A 404 took ${Math.round(controlMs)} ms on this machine`);
  }
  expect(
    tookMs,
    "With Redis away an answer takes little more than redisDeadlineMs (200 ms); this is too long on any machine",
  ).toBeLessThanOrEqual(ANSWER_MS);
  return result;
}
