import { describe } from "@std/testing/bdd";
import { check, expect, type Lab, type RespClient } from "@lab";
import { freshKey, WITHOUT_REDIS } from "./cache_node.ts";
import { EvictionModel } from "./eviction_model.ts";

const MAX_ITEMS = 20;
const DECAY_SEC = 60;
const DECAY_MS = DECAY_SEC * 1000;
const MANY_ITEMS = 30_000;

describe("04.2 Eviction", () => {
  check("04.2a", {
    title: "gives up the least recently used item, as a model does",
    kind: "api",
    hint:
      "GET, MGET and SET of an item that is there are uses; each moves it to the end of the line.",
    config: { policy: "lru", maxItems: MAX_ITEMS },
    ...WITHOUT_REDIS,
  }, (lab) => followsModel(lab, "lru"));

  check("04.2b", {
    title: "gives up the least frequently used item, as a model does",
    kind: "api",
    hint:
      "Halve every count at each multiple of lfuDecaySec; among equal counts the item whose last use is oldest goes.",
    config: { policy: "lfu", maxItems: MAX_ITEMS, lfuDecaySec: DECAY_SEC },
    ...WITHOUT_REDIS,
  }, async (lab) => {
    // Runs begin at a full minute. Who counts from the start, and not from 1970, now halves at other times.
    await lab.clock.advance(DECAY_MS / 3);
    await lab.on(0).restart();
    await expectHalvings(lab);
    await followsModel(lab, "lfu");
  });

  check("04.2c", {
    title: "gives up no living item while a dead one takes its place",
    kind: "api",
    hint:
      "Before you evict, drop what has ended. Remember when the next item ends, and you need not look each time.",
    config: { policy: "lru", maxItems: 4 },
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using client = await lab.on(0).resp();
    const living = [freshKey(lab), freshKey(lab)];
    const mortal = [freshKey(lab), freshKey(lab)];
    const fresh = [freshKey(lab), freshKey(lab)];
    for (const key of living) await client.command("SET", key, "x");
    for (const key of mortal) {
      await client.command("SET", key, "x", "PX", 60_000);
    }
    await lab.clock.advance(60_000);
    for (const key of fresh) await client.command("SET", key, "x");
    expect(
      await client.command("MGET", ...living, ...fresh),
      "4 items fit; two of those before had ended, so the two new ones push nobody out",
    ).toEqual(["$x", "$x", "$x", "$x"]);
    const [oldest] = living as [string, string];
    await client.pipeline([
      ["SET", oldest, "y", "NX"],
      ["EXPIRE", oldest, 600],
      ["SET", freshKey(lab), "x"],
    ]);
    expect(
      await client.command("MGET", ...living, ...fresh),
      "With four living items, a fifth pushes out the one whose use is oldest; EXPIRE, and SET with NX that stores nothing, are no uses",
    ).toEqual(["nil", "$x", "$x", "$x"]);
  });

  check("04.2d", {
    title: "evicts one of 30,000 items without searching for it",
    kind: "load",
    hint:
      "Keep the items in the order in which they will go: then nobody has to search for the first.",
    config: { policy: "lru", maxItems: MANY_ITEMS },
    timeoutMs: 30_000,
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using client = await lab.on(0).resp();
    let keys = 0;
    const setNew = (count: number) =>
      client.pipeline(
        Array.from({ length: count }, () => ["SET", `key:${keys++}`, "x"]),
      );
    const overwrite = (count: number) =>
      client.pipeline(
        Array.from({ length: count }, () => ["SET", `key:${keys - 1}`, "x"]),
      );
    while (keys < MANY_ITEMS) await setNew(1_000);

    // In turns, and the fastest of each: what else the machine does meets both alike.
    let [evictingMs, overwritingMs] = [Infinity, Infinity];
    for (let round = 0; round < 20; round++) {
      overwritingMs = Math.min(
        overwritingMs,
        await timeOf(() => overwrite(100)),
      );
      evictingMs = Math.min(evictingMs, await timeOf(() => setNew(100)));
    }
    expect(
      await client.command("DBSIZE"),
      "Each SET of a new key has evicted an item",
    ).toBe(`:${MANY_ITEMS}`);
    expect(
      evictingMs / overwritingMs,
      `A SET that evicts one of ${MANY_ITEMS} items takes at most 5 times as long as one that overwrites`,
    ).toBeLessThanOrEqual(5);
  });
});

async function timeOf(operation: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await operation();
  return performance.now() - startedMs;
}

/** A random trace of 2,000 operations, compared with the model after each batch. */
async function followsModel(lab: Lab, policy: "lru" | "lfu"): Promise<void> {
  using client = await lab.on(0).resp();
  const { random, clock } = lab;
  const model = new EvictionModel(clock.now(), {
    policy,
    maxItems: MAX_ITEMS,
    decayMs: DECAY_MS,
  });
  // Some keys are popular, most are not: the smaller of two draws.
  const pool = Array.from({ length: 3 * MAX_ITEMS }, () => freshKey(lab));
  const anyKey = () =>
    pool[
      Math.min(
        random.integer(0, pool.length - 1),
        random.integer(0, pool.length - 1),
      )
    ]!;
  for (let batch = 0; batch < 20; batch++) {
    const commands: (string | number)[][] = [];
    for (let operation = 0; operation < 100; operation++) {
      commands.push(drawCommand(lab, model, anyKey));
    }
    await client.pipeline(commands);
    await expectSurvivors(client, model, pool);
    const stepMs = random.integer(1, 90_000);
    await clock.advance(stepMs);
    model.advance(stepMs);
  }
}

/** Cases that a random trace may miss: when it is time, counts that become equal, several halvings in one step. */
async function expectHalvings(lab: Lab): Promise<void> {
  using client = await lab.on(0).resp();
  const keys = Array.from({ length: MAX_ITEMS }, () => freshKey(lab));
  const [early, late, ...popular] = keys as [string, string, ...string[]];
  const [first, second, third] = [freshKey(lab), freshKey(lab), freshKey(lab)];
  const uses = (key: string, times: number) => Array(times).fill(["GET", key]);
  await client.pipeline(keys.map((key) => ["SET", key, "x"]));
  await client.pipeline(popular.flatMap((key) => uses(key, 63)));

  await client.pipeline([...uses(early, 2), ...uses(late, 1)]);
  await lab.clock.advance(DECAY_MS - lab.clock.now() % DECAY_MS);
  await client.command("SET", first, "x");
  expect(
    await client.command("MGET", early, late),
    "Counts 3 and 2 are both 1 once they are halved, at the next multiple of lfuDecaySec since 1970: then the item goes whose last use is the longest ago",
  ).toEqual(["nil", "$x"]);

  await client.pipeline(uses(late, 6));
  await lab.clock.advance(3 * DECAY_MS);
  await client.pipeline([["SET", second, "x"], ["SET", third, "x"]]);
  expect(
    await client.command("MGET", late, second),
    "When three multiples of lfuDecaySec have gone by, a count of 8 is 1",
  ).toEqual(["nil", "$x"]);
  await client.command("DEL", ...keys, first, second, third);
}

/** One operation, done to the model and given as a command. */
function drawCommand(
  { random }: Lab,
  model: EvictionModel,
  anyKey: () => string,
): (string | number)[] {
  const key = anyKey();
  switch (random.integer(0, 9)) {
    case 0:
    case 1:
    case 2: {
      model.set(key);
      return ["SET", key, "x"];
    }
    case 3: {
      const lifetimeMs = random.integer(60_000, 600_000);
      model.set(key, lifetimeMs);
      return ["SET", key, "x", "PX", lifetimeMs];
    }
    case 4: {
      const other = anyKey();
      model.get(key);
      model.get(other);
      return ["MGET", key, other];
    }
    case 5: {
      if (random.integer(0, 3) > 0) return ["PTTL", key];
      model.delete(key);
      return ["DEL", key];
    }
    default: {
      model.get(key);
      return ["GET", key];
    }
  }
}

/** PTTL tells whether an item is there and is no use of it. */
async function expectSurvivors(
  client: RespClient,
  model: EvictionModel,
  pool: readonly string[],
): Promise<void> {
  const replies = await client.pipeline(pool.map((key) => ["PTTL", key]));
  const survivors = pool.filter((_, index) => replies[index] !== ":-2");
  expect(
    survivors.sort(),
    "After each 100 operations exactly the items survive that the contract names",
  ).toEqual(model.keys);
}
