import { isDeepStrictEqual } from "node:util";
import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  databasesHolding,
  expect,
  type Gate,
  hasCome,
  type Instance,
  type Lab,
} from "@lab";
import {
  create,
  createAll,
  eachOf,
  expectEntry,
  freshEntries,
  readAll,
  replace,
} from "./entries.ts";
import { holdAll } from "./hold_all.ts";
import { answered, untilOver } from "./until_over.ts";

/** Six databases, of which five are in use at first. */
const SHARDED = { shards: 6, config: { shardsInUse: 5 } } as const;
const IN_USE = ["s0", "s1", "s2", "s3", "s4"];
const NEWCOMER = "s5";

/** What is held on purpose may take longer than a request usually does. */
const PATIENT = { timeoutMs: 20_000 };

const KEYS = 5_000;
const SETS = 5;
/**
 * False alarms for a ring with 100 points a shard, in all five sets together: a shard's share is Beta(100, 400), above
 * 1.6 times the mean with 2e-8; the newcomer's is Beta(100, 500), above 0.28 with 2e-10. The noise of 5,000 keys
 * (0.006) leaves both below 1e-6. A ring with one point a shard passes all five with 1e-5.
 */
const BUSIEST_MAX = 1.6;
const MOVED_MAX = 0.28;

const TOO_FEW_MOVE = "Of all these keys hardly any move";

describe("01.3 Consistent sharding", () => {
  check("01.3a", {
    title: "spreads keys evenly, and moves only what a new shard gets",
    kind: "api",
    hint:
      "Not hash % n. Either each shard owns a hundred points of a ring, or each bids for every key and the highest bid wins.",
    timeoutMs: 30_000,
    // It asks about shards that there are not: one database is enough.
    shards: 1,
    config: { shardsInUse: 1 },
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
    const entries = freshEntries(lab, 80);
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
      "While keys move there are two places: write to the new one, with what the old one has, version and all; read the new one, then the old one, then the new one again.",
    instances: 2,
    timeoutMs: 30_000,
    ...SHARDED,
  }, async (lab) => {
    const [mover, other] = [lab.on(0), lab.on(1)];
    const entries = freshEntries(lab, 80);
    const keys = [...entries.keys()];
    await createAll(lab, entries);
    // A version that a new row would not have by itself.
    await eachOf(
      keys,
      (key, index) => replace(lab.on(index), key, entries.get(key)!),
    );
    const { before, after, moving } = await plannedMove(lab, keys);
    const [readKey, ...others] = moving as [string, ...string[]];
    // A lock on the keys under way is fine, so only some of those that are written may be among them.
    const written = [
      ...others.slice(0, 4),
      ...keys.filter((key) => !moving.includes(key)).slice(0, 36),
    ];
    await lab.redis.flushAll();

    using filling = holdAll(lab, mover, { shard: NEWCOMER });
    const adding = add(mover, NEWCOMER);
    const isHeld = await hasCome(filling);
    lab.mark();
    expectRead(
      await readAll(other, keys),
      expectedOf(entries, 2),
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
    expectEntry(
      await readWhileItMoves(lab, {
        key: readKey,
        from: before[readKey]!,
        letMove: filling.release,
      }),
      { value: entries.get(readKey)!, version: 2 },
      "B looks for a key in its old place, and meanwhile it moves to the new one: B finds it",
    );
    await writing;
    expect(await adding, "POST /admin/shards answers 202").toHaveStatus(202);
    await untilRebalanced(lab);

    const expected = expectedOf(entries, 2);
    for (const key of written) {
      expected.set(key, { value: `new-${entries.get(key)}`, version: 3 });
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
    for (const key of keys) {
      expect(holders.get(key), `${key} is where it belongs, and nowhere else`)
        .toEqual([after[key]]);
    }
    if (!isHeld) lab.inconclusive("A sent no message to the new shard");
  });

  check("01.3d", {
    title: "loses nothing that was under way when a shard was added",
    kind: "race",
    hint:
      "Nobody may write by the old map once keys move: hold the map (FOR SHARE) until you have written, so that adding a shard waits for you. A reader who finds nothing asks the map again.",
    instances: 2,
    timeoutMs: 30_000,
    ...SHARDED,
  }, async (lab) => {
    const [mover, other] = [lab.on(0), lab.on(1)];
    const entries = freshEntries(lab, 120);
    const { before, moving } = await plannedMove(lab, [...entries.keys()]);
    const two = moving.slice(0, 2);
    const [writeKey, readKey] = two as [string, string];
    const left = new Set(two.map((key) => before[key]));
    const newKey = moving.find((key) => !left.has(before[key]));
    if (newKey === undefined) return lab.inconclusive(TOO_FEW_MOVE);
    for (const key of two) await create(mover, key, entries.get(key)!);
    await lab.redis.flushAll();

    lab.mark();
    using writing = holdTo(lab, { shard: before[writeKey]!, key: writeKey });
    const write = other.put(`/kv/${writeKey}`, { value: "late" }, PATIENT);
    await Promise.race([hasCome(writing), write]);
    using creating = holdTo(lab, { shard: before[newKey]!, key: newKey });
    const creation = other.put(`/kv/${newKey}`, { value: "new" }, PATIENT);
    await Promise.race([hasCome(creating), creation]);
    using reading = holdTo(lab, { shard: before[readKey]!, key: readKey });
    const read = other.get(`/kv/${readKey}`, PATIENT);
    await Promise.race([hasCome(reading), read]);

    const adding = add(mover, NEWCOMER);
    const isAdded = answered(adding);
    await untilOver(lab, () => hasMoved(lab, two), { orWaitedFor: true });
    writing.release();
    expect(
      await write,
      "A write that was under way when the shard was added is 200",
    ).toHaveStatus(200);
    // No key leaves the shard that the new one is for: whoever waits only for what moves is done now.
    await untilOver(lab, async () => isAdded() && await isRebalanced(mover), {
      orWaitedFor: true,
    });
    creating.release();
    expect(
      await creation,
      "A write of a new key that was under way when the shard was added is 201",
    ).toHaveStatus(201);
    await untilOver(lab, () => hasMoved(lab, two));
    reading.release();
    expectEntry(
      await read,
      { value: entries.get(readKey)!, version: 1 },
      "A read that was under way when the shard was added finds its key",
    );
    expect(await adding, "POST /admin/shards answers 202").toHaveStatus(202);
    await untilRebalanced(lab);

    await lab.redis.flushAll();
    for (const instance of lab.instances) {
      expectEntry(
        await instance.get(`/kv/${writeKey}`),
        { value: "late", version: 2 },
        "After the move both find what was written meanwhile",
      );
      expectEntry(
        await instance.get(`/kv/${newKey}`),
        { value: "new", version: 1 },
        "After the move both find the key that was new meanwhile",
      );
    }
    const three = [...two, newKey];
    expect(
      Object.fromEntries(await databasesHolding(lab, three)),
      "The three keys are in the new shard's database, and in no other",
    ).toEqual(Object.fromEntries(three.map((key) => [key, [NEWCOMER]])));
    expect(await add(other, NEWCOMER), "A shard that is in use: 409")
      .toHaveStatus(409);
    expect(await add(other, "s9"), "A shard that there is not: 422")
      .toHaveStatus(422);
  });
});

/** Where the keys are while five shards are in use and where with the sixth, and which of them have to move. */
async function plannedMove(lab: Lab, keys: readonly string[]) {
  const before = await placementOf(lab, keys, IN_USE);
  const after = await placementOf(lab, keys, [...IN_USE, NEWCOMER]);
  const moving = keys.filter((key) => before[key] !== after[key]);
  if (moving.length < 2) lab.inconclusive(TOO_FEW_MOVE);
  return { before, after, moving };
}

function add(instance: Instance, shard: string): Promise<Answer> {
  return instance.post("/admin/shards", { id: shard }, PATIENT);
}

/** Holds the next message of B to this shard that is about this key. */
function holdTo(
  lab: Lab,
  { shard, key }: { readonly shard: string; readonly key: string },
): Gate {
  return lab.holdNext(lab.on(1), { shard }, new RegExp(key));
}

/** B's read of a key is on its way to the old place when the key moves. What A tells the map is held meanwhile. */
async function readWhileItMoves(
  lab: Lab,
  { key, from, letMove }: {
    readonly key: string;
    readonly from: string;
    readonly letMove: () => void;
  },
): Promise<Answer> {
  await lab.redis.flushAll();
  using looking = holdTo(lab, { shard: from, key });
  const reading = lab.on(1).get(`/kv/${key}`, PATIENT);
  await Promise.race([hasCome(looking), reading]);
  // Once the map says that the move is over, whoever asks it again knows better.
  using _ending = holdAll(lab, lab.on(0), "postgres");
  letMove();
  await untilOver(lab, () => hasMoved(lab, [key]));
  looking.release();
  return await reading;
}

/** Whether the keys are in the new shard's database alone. */
async function hasMoved(lab: Lab, keys: readonly string[]): Promise<boolean> {
  const holders = await databasesHolding(lab, keys);
  return keys.every((key) => holders.get(key)?.join() === NEWCOMER);
}

async function isRebalanced(instance: Instance): Promise<boolean> {
  const answer = await instance.get("/admin/rebalance");
  return answer.json?.status === "done";
}

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

/** Shows no more than the first keys that are wrong: of 80 most are right. */
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
