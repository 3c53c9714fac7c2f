import { describe } from "@std/testing/bdd";
import { check, expect, hasCome, type Instance, type Lab } from "@lab";
import { create, expectEntry, freshEntries, replace } from "./entries.ts";
import { answered, untilOver } from "./until_over.ts";

const TTL_SEC = 300;

/** Nobody gives Redis up so soon. */
const DEADLINE_MS_MIN = 80;

describe("01.4 Cache-aside", () => {
  check("01.4a", {
    title: "reads a hot key without asking Postgres",
    kind: "redis",
    hint:
      "Look into Redis first; on a miss read Postgres and keep the entry where every instance looks.",
    instances: 2,
  }, async (lab) => {
    const { key, value } = await freshEntry(lab);
    await lab.redis.flushAll();
    const expected = { value, version: 1 };
    expectEntry(await lab.get(`/kv/${key}`), expected, "A read past the cache");
    const { result: answers, wire } = await lab.count(() =>
      lab.burst(20, (index) => lab.on(index).get(`/kv/${key}`))
    );
    for (const answer of answers) {
      expectEntry(answer, expected, "A read from the cache is as good");
    }
    expect(
      wire.postgres.statements,
      "After the first read 20 more cost no SQL, whichever instance they reach",
    ).toEqual([]);
  });

  check("01.4b", {
    title: "keeps no entry for longer than its lifetime",
    kind: "redis",
    hint:
      "Give each entry cacheTtlSec to live, when it is written: SET … EX. A lifetime that every read renews never ends.",
    instances: 2,
  }, async (lab) => {
    const entries = [await freshEntry(lab), await freshEntry(lab)];
    const readAll = async () => {
      for (const [index, { key }] of entries.entries()) {
        await lab.on(index).get(`/kv/${key}`);
      }
    };
    await lab.redis.flushAll();
    await readAll();
    const cached = await lab.redis.keys("*");
    if (cached.every((key) => key.startsWith("kit:"))) {
      lab.inconclusive("Nothing was cached");
    }
    await lab.clock.advance(TTL_SEC * 500);
    await readAll();
    await lab.clock.advance(TTL_SEC * 500);
    const left = await lab.redis.keys("*");
    expect(
      left.filter((key) => !key.startsWith("kit:")),
      "cacheTtlSec after it was cached, read meanwhile or not, Redis holds nothing of an entry",
    ).toEqual([]);
    for (const { key, value } of entries) {
      expectEntry(
        await lab.get(`/kv/${key}`),
        { value, version: 1 },
        "…and reads are right all the same",
      );
    }
  });

  check("01.4c", {
    title: "never lets a slow reader or writer put an old value over a new one",
    kind: "race",
    hint:
      "Keep the version with the value, and let nobody, reader or writer, change what is newer: compare and set in one script. Answer only when the cache has what you answer.",
    instances: 3,
  }, async (lab) => {
    const entry = await freshEntry(lab);
    await writeIsSeenAtOnce(lab, entry);
    await lateFillChangesNothing(lab, entry);
    await lateWriteChangesNothing(lab, entry);
    await whatWasShownIsInTheCache(lab, entry);
  });

  check("01.4d", {
    title: "goes on without Redis, refusing or silent",
    kind: "fault",
    hint:
      "Race every Redis command against a deadline, catch what it throws, and ask Postgres.",
    instances: 2,
    timeoutMs: 30_000,
  }, async (lab) => {
    const { key, value } = await freshEntry(lab);
    await lab.on(0).get(`/kv/${key}`);
    let version = 1;
    for (const how of ["cut", "blackhole"] as const) {
      const outage = lab[how]({ store: "redis" });
      const answers = await lab.burst(
        6,
        (index) => lab.on(index).get(`/kv/${key}`),
      );
      if (outage.hits === 0) lab.inconclusive("Nobody asked Redis");
      for (const answer of answers) {
        expectEntry(answer, {
          value: version === 1 ? value : `${value}-${version}`,
          version,
        }, `Redis away (${how}): reads on both instances are right`);
      }
      version++;
      await replace(lab.on(version), key, `${value}-${version}`);
      outage.heal();
      await lab.clock.advance(TTL_SEC * 1000);
      await lab.eventually(async () => {
        for (const instance of lab.instances) {
          const { result, wire } = await lab.count(() =>
            instance.get(`/kv/${key}`)
          );
          expectEntry(
            result,
            { value: `${value}-${version}`, version },
            "Redis back, and cacheTtlSec later: both give what was written meanwhile",
          );
          expect(wire.redis.commands, "Once Redis is back, it is asked again")
            .toBeGreaterThan(0);
        }
      });
    }
  });
});

async function freshEntry(lab: Lab): Promise<KeyAndValue> {
  const [[key, value]] = [...freshEntries(lab, 1)] as [[string, string]];
  await create(lab.on(0), key, value);
  return { key, value };
}

interface KeyAndValue {
  readonly key: string;
  readonly value: string;
}

/** What B tells Redis about its write is held. If B answers all the same, the next read has to see the write. */
async function writeIsSeenAtOnce(
  lab: Lab,
  { key, value }: KeyAndValue,
): Promise<void> {
  const [reader, writer] = [lab.on(0), lab.on(1)];
  const second = { value: `second-${value}`, version: 2 };
  await lab.redis.flushAll();
  await reader.get(`/kv/${key}`); // From now on version 1 is cached.
  using keeping = lab.holdNext(writer, "redis", /./);
  const writing = replace(writer, key, second.value);
  await Promise.race([hasCome(keeping), writing]);
  const isAnswered = answered(writing);
  // Later a deadline may have struck, and then the old copy may stay.
  await untilOver(lab, isAnswered, { withinMs: DEADLINE_MS_MIN });
  if (isAnswered()) {
    expectEntry(
      await reader.get(`/kv/${key}`),
      second,
      "B has answered a write: the next read on A sees it",
    );
  }
  keeping.release();
  await writing;
  for (const instance of [reader, writer]) {
    expectEntry(
      await instance.get(`/kv/${key}`),
      second,
      "A write is seen by the next read, on both instances",
    );
  }
}

async function lateFillChangesNothing(
  lab: Lab,
  { key, value }: KeyAndValue,
): Promise<void> {
  const [reader, writer] = [lab.on(0), lab.on(1)];
  await lab.redis.flushAll();
  using late = await heldFill(lab, reader, key);
  await late.reached;
  await replace(writer, key, `third-${value}`);
  late.release();
  await late.reading;
  for (const instance of [reader, writer]) {
    expectEntry(
      await instance.get(`/kv/${key}`),
      { value: `third-${value}`, version: 3 },
      "A read old value arrives at the cache after the new one: both instances give the new one",
    );
  }
}

/** A's message to Redis is on its way for as long as a whole write of B takes. */
async function lateWriteChangesNothing(
  lab: Lab,
  { key, value }: KeyAndValue,
): Promise<void> {
  const [slow, quick] = [lab.on(0), lab.on(1)];
  using keeping = lab.holdNext(slow, "redis", /./);
  const slowly = replace(slow, key, `slow-${value}`);
  await Promise.race([hasCome(keeping), slowly]);
  const quickly = replace(quick, key, `quick-${value}`);
  // Who fills the cache under a lock lets the second write wait for the first.
  await untilOver(lab, answered(quickly), { orWaitedFor: true });
  keeping.release();
  const [slowVersion, quickVersion] = await Promise.all([slowly, quickly]);
  const last = slowVersion > quickVersion ? "slow" : "quick";
  for (const instance of [slow, quick]) {
    expectEntry(
      await instance.get(`/kv/${key}`),
      { value: `${last}-${value}`, version: 5 },
      "A's write arrives at the cache after a later one of B: both instances give the one with the higher version",
    );
  }
}

/**
 * A is about to fill the cache with an old entry, B to tell it of a newer one. C reads the newer one, and what it
 * sends to Redis is held as well: if it has answered by then, A must not get the old one from the cache any more.
 */
async function whatWasShownIsInTheCache(
  lab: Lab,
  { key, value }: KeyAndValue,
): Promise<void> {
  const [a, b, c] = lab.instances as [Instance, Instance, Instance];
  await lab.redis.flushAll();
  using old = await heldFill(lab, a, key);
  using keeping = lab.holdNext(b, "redis", /./);
  const writing = replace(b, key, `newest-${value}`);
  await Promise.race([hasCome(keeping), writing]);
  using newer = await heldFill(lab, c, key);
  const isShown = answered(newer.reading);
  // Later a deadline may have struck, and then nobody knows what the cache has.
  await untilOver(lab, isShown, { withinMs: DEADLINE_MS_MIN });
  if (!isShown()) newer.release();
  await untilOver(lab, isShown); // Whoever waits for A's fill has shown nothing.
  const shown = isShown() ? (await newer.reading).json?.version : 0;
  old.release();
  await old.reading;
  const { json } = await a.get(`/kv/${key}`);
  expect(
    json?.version,
    `C has answered version ${shown}: a read on A that begins afterwards gives that one, or a later one`,
  ).toBeGreaterThanOrEqual(shown);
  keeping.release();
  await writing;
}

/** A read that has found nothing in the cache, has been at Postgres, and is held on its way to Redis. */
async function heldFill(lab: Lab, reader: Instance, key: string) {
  using asking = lab.holdNext(reader, "postgres", /./);
  const reading = reader.get(`/kv/${key}`);
  await Promise.race([hasCome(asking), reading]);
  const filling = lab.holdNext(reader, "redis", /./);
  asking.release();
  await Promise.race([hasCome(filling), reading]);
  const { reached } = filling;
  const release = () => filling.release();
  return { reading, reached, release, [Symbol.dispose]: release };
}
