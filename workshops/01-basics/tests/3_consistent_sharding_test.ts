import { isDeepStrictEqual } from "node:util";
import { describe } from "@std/testing/bdd";
import { check, databasesHolding, expect, hasCome, type Lab } from "@lab";
import {
  createAll,
  eachOf,
  freshEntries,
  readAll,
  replace,
} from "./entries.ts";

/** Six databases, of which five are in use at first. */
const SHARDED = { shards: 6, config: { shardsInUse: 5 } } as const;
const IN_USE = ["s0", "s1", "s2", "s3", "s4"];

/** Of one instance to one database. */
const CONNECTIONS_MAX = 10;

const KEYS = 10_000;
const SETS = 5;
/**
 * False alarms for a ring with 100 points a shard, in all five sets together: a shard's share is Beta(100, 400), above
 * 1.6 times the mean with 2e-8; the newcomer's is Beta(100, 500), above 0.28 with 2e-10. The noise of 10,000 keys
 * (0.004) leaves both below 1e-6. A ring with one point a shard passes all five with 1e-5.
 */
const BUSIEST_MAX = 1.6;
const MOVED_MAX = 0.28;

describe("01.3 Consistent sharding", () => {
  check("01.3a", {
    title: "spreads keys evenly, and moves only what a new shard gets",
    kind: "api",
    hint:
      "Not hash % n. Either each shard owns a hundred points of a ring, or each bids for every key and the highest bid wins.",
    ...SHARDED,
  }, async (lab) => {
    const keys = Array.from({ length: KEYS }, () => lab.random.word(10));
    for (let set = 0; set < SETS; set++) {
      const ids = Array.from(
        { length: 6 },
        () => `shard-${lab.random.word(6)}`,
      );
      const [newcomer, ...old] = ids as [string, ...string[]];
      const before = await placementOf(lab, keys, old);
      expect(
        busiestShare(before) * old.length,
        `Of ${KEYS} keys on ${old} the busiest shard has at most ${BUSIEST_MAX} times the mean`,
      ).toBeLessThanOrEqual(BUSIEST_MAX);

      const after = await placementOf(lab, keys, lab.random.shuffle(ids));
      const moved = keys.filter((key) => before[key] !== after[key]);
      expect(
        new Set(moved.map((key) => after[key])),
        `When ${newcomer} joins, keys move to it and to nobody else`,
      ).toEqual(new Set([newcomer]));
      expect(
        moved.length / KEYS,
        `When a sixth shard joins, at most ${MOVED_MAX} of the keys move`,
      ).toBeLessThanOrEqual(MOVED_MAX);
    }
  });

  check("01.3b", {
    title: "keeps each key in exactly the database that it names",
    kind: "pg",
    hint:
      "The place depends on key and shard ids in use, on nothing else: every instance computes the same.",
    instances: 2,
    ...SHARDED,
  }, async (lab) => {
    const entries = freshEntries(lab, 120);
    const keys = [...entries.keys()];
    await createAll(lab, entries);
    const holders = await databasesHolding(lab, keys);
    const planned = await placementOf(lab, keys, IN_USE);
    for (const key of keys) {
      expect(
        holders.get(key),
        `${key} is in one database, the one that POST /placement says for the five in use`,
      ).toEqual([planned[key]]);
    }
    for (const [index, key] of keys.slice(0, 6).entries()) {
      const answer = await lab.on(index).get(`/placement/${key}`);
      expect(answer.json, "GET /placement/:key says the same")
        .toEqual({ shard: planned[key] });
    }
    await lab.redis.flushAll();
    for (const instance of lab.instances) {
      expectRead(
        await readAll(instance, keys),
        expectedOf(entries, 1),
        "Both instances find every key, also past the cache",
      );
    }
  });

  check("01.3c", {
    title: "answers right while keys move to a sixth shard",
    kind: "race",
    hint:
      "While keys move there are two places: write to the new one, with what the old one has; read the new one, then the old one, then the new one again.",
    instances: 2,
    timeoutMs: 30_000,
    ...SHARDED,
  }, async (lab) => {
    const [mover, other] = [lab.on(0), lab.on(1)];
    const entries = freshEntries(lab, 120);
    const keys = [...entries.keys()];
    await createAll(lab, entries);
    const written = keys.slice(0, 40);
    await lab.redis.flushAll();

    using gates = new DisposableStack();
    // One for each connection that A may have: whatever it sends to the new shard is held.
    const held = Array.from(
      { length: CONNECTIONS_MAX },
      () => gates.use(lab.holdNext(mover, { shard: "s5" }, /./)),
    );
    const adding = mover.post("/admin/shards", { id: "s5" });
    const isHeld = await hasCome(held[0]!);
    lab.mark();
    expectRead(
      await readAll(other, keys),
      expectedOf(entries, 1),
      "While A's messages to the new shard are held, B finds every key",
    );

    let answered = 0;
    const writing = eachOf(written, async (key) => {
      await replace(other, key, `new-${entries.get(key)}`);
      answered++;
    });
    writing.catch(() => {}); // Looked at below.
    // A lock on the one key that is being moved is fine, a lock on all is not.
    await lab.eventually(() =>
      expect(answered, "Writes go on while keys move")
        .toBeGreaterThanOrEqual(written.length / 2)
    );
    gates.dispose();
    await writing;
    expect(await adding, "POST /admin/shards answers 202").toHaveStatus(202);
    await untilRebalanced(lab);

    const expected = expectedOf(entries, 1);
    for (const key of written) {
      expected.set(key, { value: `new-${entries.get(key)}`, version: 2 });
    }
    await lab.redis.flushAll();
    for (const instance of lab.instances) {
      expectRead(
        await readAll(instance, keys),
        expected,
        "After the move both find every key, with what was written last",
      );
    }
    const holders = await databasesHolding(lab, keys);
    const planned = await placementOf(lab, keys, [...IN_USE, "s5"]);
    for (const key of keys) {
      expect(holders.get(key), `${key} is where it belongs, and nowhere else`)
        .toEqual([planned[key]]);
    }
    if (!isHeld) lab.inconclusive("A sent no message to the new shard");
  });
});

async function placementOf(
  lab: Lab,
  keys: readonly string[],
  shards: readonly string[],
): Promise<Record<string, string>> {
  const answer = await lab.post("/placement", { keys, shards });
  expect(answer, "POST /placement answers 200").toHaveStatus(200);
  const placement: Record<string, string> = answer.json?.placement ?? {};
  const strayed = keys.filter((key) => !shards.includes(placement[key]!));
  expect(strayed.slice(0, 3), "Every key gets one of the shards").toEqual([]);
  return placement;
}

function busiestShare(placement: Readonly<Record<string, string>>): number {
  const counts = new Map<string, number>();
  for (const shard of Object.values(placement)) {
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) / KEYS;
}

function expectedOf(entries: ReadonlyMap<string, string>, version: number) {
  return new Map<string, unknown>(
    [...entries].map(([key, value]) => [key, { value, version }]),
  );
}

/** Shows no more than the first keys that are wrong: of 120 most are right. */
function expectRead(
  read: ReadonlyMap<string, unknown>,
  expected: ReadonlyMap<string, unknown>,
  rule: string,
): void {
  const wrong = [...expected.keys()].filter((key) =>
    !isDeepStrictEqual(read.get(key), expected.get(key))
  ).slice(0, 5);
  const of = (entries: ReadonlyMap<string, unknown>) =>
    wrong.map((key) => ({ key, entry: entries.get(key) }));
  expect(of(read), rule).toEqual(of(expected));
}

async function untilRebalanced(lab: Lab): Promise<void> {
  await lab.eventually(async () => {
    for (const instance of lab.instances) {
      const answer = await instance.get("/admin/rebalance");
      expect(answer.json, "GET /admin/rebalance comes to say done")
        .toEqual({ status: "done" });
    }
  }, { withinMs: 15_000 });
}
