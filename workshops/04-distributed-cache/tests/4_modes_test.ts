import { describe } from "@std/testing/bdd";
import { check, expect, hasCome, type Lab, storedRows } from "@lab";
import {
  expectEverywhere,
  expectItem,
  freshId,
  freshValue,
  putItem,
} from "./items.ts";

const CACHE_TTL_MS = 60_000;
/** A day, in which a lifetime in the cache goes by many times. */
const FLUSH_MS = 86_400_000;

describe("04.4 Three ways to write", () => {
  check("04.4a", {
    title: "aside: reads through the cache, and forgets on a write",
    kind: "redis",
    hint:
      "On a miss read Postgres and fill; a write goes to Postgres and then corrects what all instances read.",
    instances: 2,
    config: { mode: "aside", cacheTtlSec: CACHE_TTL_MS / 1000 },
  }, async (lab) => {
    const [id, value] = [freshId(lab), freshValue(lab)];
    const path = `/items/${id}`;
    const unknown = await lab.get(path);
    expect(unknown, "An item that nobody has put is unknown").toHaveStatus(404);
    expect(unknown.json?.code, "…and the body says so").toBe("not_found");
    const etag = await putItem(lab.on(0), id, value);
    await expectReadsWithoutSql(lab, { id, value });
    const same = await lab.on(1).get(path, {
      headers: { "if-none-match": etag },
    });
    expect(same, "A GET with the ETag of the PUT has nothing new").toHaveStatus(
      304,
    );

    const newer = freshValue(lab);
    const newEtag = await putItem(lab.on(1), id, newer);
    expect(newEtag, "Each write makes a new ETag").not.toBe(etag);
    for (const instance of lab.instances) {
      expectItem(
        await instance.get(path, { headers: { "if-none-match": etag } }),
        { id, value: newer },
        "A write on one instance is seen on both at once",
      );
    }
    await expectReadsWithoutSql(lab, { id, value: newer });
    expect(
      await putItem(lab.on(0), id, newer),
      "Each write makes a new ETag, also one of the same value",
    ).not.toBe(newEtag);
    await expectReadsWithoutSql(lab, { id, value: newer });

    await lab.clock.advance(CACHE_TTL_MS);
    const { result: answer, wire } = await lab.count(() => lab.get(path));
    expectItem(answer, { id, value: newer }, "An item outlives its entry");
    expect(
      wire.postgres.messages,
      "cacheTtlSec after it was filled an entry has ended: Postgres is asked",
    ).toBeGreaterThan(0);
  });

  check("04.4b", {
    title:
      "write-through: the value is in the cache when PUT answers, if Postgres has it",
    kind: "redis",
    hint:
      "Postgres first, the cache second: what Postgres refused must be nowhere.",
    instances: 2,
    config: { mode: "write_through" },
  }, async (lab) => {
    const [id, value] = [freshId(lab), freshValue(lab)];
    await putItem(lab.on(0), id, value);
    await expectReadsWithoutSql(lab, { id, value }, { warmUp: false });
    await lab.redis.flushAll();
    await expectEverywhere(
      lab,
      { id, value },
      "Without the cache Postgres has the value",
    );

    const outage = lab.cut({ store: "postgres", instance: lab.on(0) });
    const lost = await lab.on(0).put(path(id), { value: freshValue(lab) });
    if (outage.hits === 0) lab.inconclusive("A did not ask Postgres");
    outage.heal();
    expect(lost.status, "A write that Postgres could not take is an error")
      .toBeGreaterThanOrEqual(500);
    await expectEverywhere(
      lab,
      { id, value },
      "…and changes nothing, in no cache either",
    );
  });

  check("04.4c", {
    title:
      "write-behind: answers 202 before Postgres knows, and moves the writes in one go",
    kind: "pg",
    hint:
      "Keep what is not saved in Redis, by item: when flushSec has passed, one statement saves all of it.",
    instances: 2,
    config: {
      mode: "write_behind",
      flushSec: FLUSH_MS / 1000,
      cacheTtlSec: CACHE_TTL_MS / 1000,
    },
  }, async (lab) => {
    await untilNoFlushIsNear(lab);
    const ids = Array.from({ length: 8 }, () => freshId(lab));
    const items = new Map<string, string>();
    const etags = new Map<string, string>();
    const { wire: accepting } = await lab.count(async () => {
      for (let write = 0; write < 40; write++) {
        const [id, value] = [ids[write % ids.length]!, freshValue(lab)];
        // Each item is written on both instances in turn.
        const writer = lab.on(write + Math.floor(write / ids.length));
        const etag = await putItem(writer, id, value, { status: 202 });
        expect(etag, "Each write makes a new ETag").not.toBe(etags.get(id));
        etags.set(id, etag);
        items.set(id, value);
        if (write % 8 !== 0) continue;
        await expectEverywhere(
          lab,
          { id, value },
          "An accepted write is read on both instances at once",
        );
      }
    });
    expect(
      accepting.postgres.statements,
      "40 writes, and reads of them, cost no SQL",
    ).toEqual([]);
    expect(accepting.postgres.messages, "…and nothing else of Postgres either")
      .toBe(0);
    await lab.clock.advance(CACHE_TTL_MS);
    for (const [id, value] of items) {
      await expectEverywhere(
        lab,
        { id, value },
        "An accepted write is shown until Postgres has it, also when cacheTtlSec has gone by",
      );
    }
    const { wire: flushing } = await lab.count(async () => {
      await lab.clock.advance(FLUSH_MS);
      await expectStored(lab, items);
    });
    expect(
      flushing.postgres.messages,
      "Of 40 writes to 8 items, only the last of each is saved: at most 12 messages from each instance",
    ).toBeLessThanOrEqual(24);
    await expectEmptiedAndRead(lab, items);

    const [id] = ids as [string];
    const later = new Map([[id, freshValue(lab)]]);
    await putItem(lab.on(1), id, later.get(id)!, { status: 202 });
    await expectStoredNext(lab, later);
    await expectEmptiedAndRead(lab, later);
  });

  check("04.4d", {
    title: "write-behind: loses no accepted write when an instance dies",
    kind: "fault",
    hint:
      "What is accepted has to be outside of the process, and is forgotten there when Postgres has it, not before.",
    config: { mode: "write_behind", flushSec: FLUSH_MS / 1000 },
    timeoutMs: 120_000,
  }, async (lab) => {
    let items = new Map<string, string>();
    await lab.crashSweep({
      pointsMax: 12,
      before: async () => {
        items = new Map([[freshId(lab), freshValue(lab)], [
          freshId(lab),
          freshValue(lab),
        ]]);
        for (const [id, value] of items) {
          await putItem(lab, id, value, { status: 202 });
        }
      },
      operation: () => expectStoredNext(lab, items),
      verify: async () => {
        await lab.clock.advance(FLUSH_MS);
        await expectStored(lab, items);
        await expectEmptiedAndRead(lab, items);
      },
    });
  });

  check("04.4e", {
    title:
      "write-behind: the newest value stays, whoever saves late and whoever dies",
    kind: "race",
    hint:
      "Forget a note only if it still says what you have saved, let Postgres refuse an older version, and let each instance save what any of them has accepted.",
    instances: 2,
    config: { mode: "write_behind", flushSec: FLUSH_MS / 1000 },
    timeoutMs: 20_000,
  }, async (lab) => {
    const [id, older, newer] = [freshId(lab), freshValue(lab), freshValue(lab)];
    await putItem(lab.on(1), id, older, { status: 202 });
    using slow = lab.holdNext(lab.on(0), "postgres", /./);
    using quick = lab.holdNext(lab.on(1), "postgres", /./);
    await lab.clock.advance(FLUSH_MS);
    const held = await Promise.all([hasCome(slow), hasCome(quick)]);
    await putItem(lab.on(1), id, newer, { status: 202 });
    quick.release();
    // A system may leave all saving to one of them: then none is late.
    if (held.includes(false)) slow.release();
    await expectEverywhere(
      lab,
      { id, value: newer },
      "What is accepted while an older value is being saved is read at once",
    );
    await expectStoredNext(lab, new Map([[id, newer]]));
    slow.release();
    // The older value in A's hands arrives before these do.
    for (let turn = 0; turn < 5; turn++) {
      await lab.on(0).get(path(freshId(lab)));
    }
    await expectEmptiedAndRead(lab, new Map([[id, newer]]));

    const last = freshValue(lab);
    await putItem(lab.on(1), id, last, { status: 202 });
    await lab.on(1).kill();
    await expectStoredNext(lab, new Map([[id, last]]));
  });

  check("04.4f", {
    title: "sets up its tables, however many instances start at once",
    kind: "pg",
    hint:
      "CREATE TABLE IF NOT EXISTS looks first and creates then; two can look at the same moment.",
    instances: 2,
    config: { mode: "aside" },
  }, async (lab) => {
    await putItem(lab.on(0), freshId(lab), freshValue(lab));
    await lab.setUpTogether();
    const [id, value] = [freshId(lab), freshValue(lab)];
    await putItem(lab.on(0), id, value);
    await expectEverywhere(
      lab,
      { id, value },
      "After a start on an empty database both instances work",
    );
  });
});

/** None is due for hours, whether it is due at multiples of flushSec or counted from the start. */
async function untilNoFlushIsNear({ clock, instances }: Lab): Promise<void> {
  const isLate = clock.now() % FLUSH_MS > FLUSH_MS / 2;
  if (!isLate) return;
  await clock.advance(FLUSH_MS / 2);
  // A flush may have come due on the way: whoever has just started has none under way.
  await Promise.all(instances.map((instance) => instance.restart()));
}

function path(id: string): string {
  return `/items/${id}`;
}

/** Once the cache knows the item, reads on both instances cost no SQL. */
async function expectReadsWithoutSql(
  lab: Lab,
  item: { readonly id: string; readonly value: string },
  { warmUp = true } = {},
): Promise<void> {
  if (warmUp) await lab.get(path(item.id));
  const { result: answers, wire } = await lab.count(() =>
    lab.burst(50, (index) => lab.on(index).get(path(item.id)))
  );
  for (const answer of answers) {
    expectItem(answer, item, "A cached item is served");
  }
  expect(
    wire.postgres.statements,
    warmUp
      ? "After one read, 50 reads over both instances cost no SQL"
      : "Right after a write-through, 50 reads over both instances cost no SQL",
  ).toEqual([]);
}

/** Who was still busy with the last flush when the clock moved has the next turn one flushSec later. */
async function expectStoredNext(
  lab: Lab,
  items: ReadonlyMap<string, string>,
): Promise<void> {
  await lab.clock.advance(FLUSH_MS);
  try {
    await expectStored(lab, items, { withinMs: 1_000 });
  } catch {
    await lab.clock.advance(FLUSH_MS);
    await expectStored(lab, items);
  }
}

async function expectStored(
  lab: Lab,
  items: ReadonlyMap<string, string>,
  options?: { readonly withinMs: number },
): Promise<void> {
  await lab.eventually(async () => {
    const rows = await storedRows(lab.sql);
    const missing = [...items.values()].filter((value) =>
      !rows.includes(value)
    );
    expect(missing, "flushSec after a write was accepted, Postgres has it")
      .toEqual([]);
  }, options);
}

/** From here on only Postgres can know. */
async function expectEmptiedAndRead(
  lab: Lab,
  items: ReadonlyMap<string, string>,
): Promise<void> {
  await lab.redis.flushAll();
  for (const [id, value] of items) {
    await expectEverywhere(
      lab,
      { id, value },
      "After a flush, Postgres has what was written last",
    );
  }
}
