import { describe } from "@std/testing/bdd";
import { bulk, check, expect, type Lab, type RespReply } from "@lab";
import { freshKey, WITHOUT_REDIS } from "./cache_node.ts";
import {
  ClusterClient,
  firstOwner,
  plainSlot,
  redirectOf,
} from "./cluster_client.ts";
import { expectPlaced, expectSlots, ownerOf, slotOwners } from "./placement.ts";

const CLUSTER = { config: { cluster: true }, ...WITHOUT_REDIS };
const KEYS = 2_000;
/** No text, and more than one line. */
const BYTES = new Uint8Array([0, 13, 10, 255, 254]);

describe("04.3 Cluster", () => {
  check("04.3a", {
    title: "knows the slot of a key",
    kind: "api",
    hint:
      'CRC16 (XMODEM) modulo 16384, of the bytes between the first "{" and the next "}" if there are any, else of the key.',
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using client = await lab.on(0).resp();
    const [key, other] = [freshKey(lab), freshKey(lab)];
    const slots: [key: string, slot: number][] = [
      ["123456789", 12739],
      ["foo", 12182],
      ["緑", plainSlot("緑")],
      [key, plainSlot(key)],
      [`{${key}}.${other}`, plainSlot(key)],
      [`${other}{${key}}`, plainSlot(key)],
      [`${other}{${key}}{x}`, plainSlot(key)],
      [`a{{${key}}}b`, plainSlot(`{${key}`)],
      [`${key}{}{x}`, plainSlot(`${key}{}{x}`)],
      [`${key}{x`, plainSlot(`${key}{x`)],
      [`}${key}{`, plainSlot(`}${key}{`)],
    ];
    for (const [key, slot] of slots) {
      expect(
        await client.command("CLUSTER", "KEYSLOT", key),
        `CLUSTER KEYSLOT of ${key} is the slot that every client computes`,
      ).toBe(`:${slot}`);
    }
  });

  check("04.3b", {
    title: "sends each command to the node that has its slot",
    kind: "api",
    hint:
      "Compare the owner of the key's slot with context.instance: another owner is -MOVED <slot> <name>:6379.",
    instances: 3,
    timeoutMs: 30_000,
    ...CLUSTER,
  }, async (lab) => {
    using client = new ClusterClient(lab);
    await untilJoined(client, lab);
    await expectSlots(client, lab);
    const keys = Array.from({ length: KEYS }, () => freshKey(lab));
    await expectPlaced(client, lab, keys);

    const tag = lab.random.word(8);
    const together = [`{${tag}}a`, `{${tag}}b`];
    for (const key of together) await client.follow("A", ["SET", key, key]);
    expect(
      await client.follow("B", ["MGET", ...together]),
      "Keys with the same hash tag can be asked for together",
    ).toEqual(together.map(bulk));
    const [key, far] = differentSlots(lab, keys);
    for (const { name } of lab.instances) {
      const node = await client.node(name);
      expect(
        await node.command("MGET", key, far),
        "Keys of two slots in one command are refused, whoever has them",
      ).toMatch(/^-CROSSSLOT\b/);
    }
    await expectSentOn(client, lab, key);
  });

  check("04.3c", {
    title:
      "moves a slot while it is in use, with each key on one side or the other",
    kind: "fault",
    hint:
      "Source: serve what is still here, -ASK for the rest. Target: serve only after ASKING. MIGRATE lets go of a key when the other node has it.",
    instances: 2,
    ...CLUSTER,
  }, async (lab) => {
    using client = new ClusterClient(lab);
    await untilJoined(client, lab);
    const { slot, keys, source, target } = await filledSlot(client, lab);
    const [from, to] = [await client.node(source), await client.node(target)];
    const odd = `${keys[0]}:a b&c=%41+#ü`;
    await ok(from.command("SET", odd, BYTES));
    await ok(to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source));
    await ok(from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target));
    const half = keys.slice(0, keys.length / 2);
    await ok(from.command("MIGRATE", target, 6379, odd, 0, 5000));
    for (const key of half) await expectMoved(client, { key, source, target });
    expect(
      (await to.pipeline([["ASKING"], ["GET", odd]])).at(-1),
      "A key and its value arrive byte for byte",
    ).toBe(bulk(BYTES));
    expect(
      await from.command("MIGRATE", target, 6379, half[0]!, 0, 5000),
      "MIGRATE of a key that is not here says NOKEY",
    ).toBe("+NOKEY");
    await expectAllFound(client, keys);
    expect(
      await from.command("GET", half[0]!),
      "The source of a slot in migration sends on with ASK what is not here any more",
    ).toBe(`-ASK ${slot} ${target}:6379`);
    expect(
      await to.command("GET", half[0]!),
      "Without ASKING the target of a slot in migration does not serve it yet",
    ).toBe(`-MOVED ${slot} ${source}:6379`);
    expect(
      (await to.pipeline([["ASKING"], ["GET", half[0]!], ["GET", half[0]!]]))
        .slice(1),
      "ASKING counts for the next command only",
    ).toEqual([bulk(half[0]!), `-MOVED ${slot} ${source}:6379`]);
    const born = `${keys[0]}:born`;
    expect(
      await client.follow(source, ["SET", born, born]),
      "A new key of the slot is made…",
    ).toBe("+OK");
    expect(
      (await to.pipeline([["ASKING"], ["GET", born]])).at(-1),
      "…on the target",
    ).toBe(bulk(born));

    const rest = await from.command("CLUSTER", "GETKEYSINSLOT", slot, 100);
    expect(sorted(rest), "GETKEYSINSLOT names what is left to move")
      .toEqual(keys.slice(keys.length / 2).map(bulk).sort());
    const last = keys.at(-1)!;
    for (const key of keys.slice(keys.length / 2)) {
      await expectMoved(client, { key, source, target });
    }
    await ok(to.command("CLUSTER", "SETSLOT", slot, "NODE", target));
    await expectFound(client, last);
    await ok(from.command("CLUSTER", "SETSLOT", slot, "NODE", target));
    await expectAllFound(client, [...keys, born]);
    expect(
      [await from.command("GET", last), await to.command("GET", last)],
      "After SETSLOT … NODE on both the slot is the target's",
    ).toEqual([`-MOVED ${slot} ${target}:6379`, bulk(last)]);
    for (const node of [from, to]) {
      expect((await slotOwners(node))[slot], "…and CLUSTER SLOTS says so")
        .toBe(bulk(target));
    }
    expect(
      await to.command("PTTL", last),
      "A lifetime moves along with its key",
    ).toBe(":60000");

    // Back again, and last: a node that has noticed the outage may take a moment to notice its end, too.
    await ok(from.command("CLUSTER", "SETSLOT", slot, "IMPORTING", target));
    await ok(to.command("CLUSTER", "SETSLOT", slot, "MIGRATING", source));
    const outage = lab.cut({ peer: source });
    expect(
      await to.command("MIGRATE", source, 6379, last, 0, 5000),
      "MIGRATE to a node that cannot be reached is an error",
    ).toMatch(/^-IOERR\b/);
    if (outage.hits === 0) lab.inconclusive("Nothing was sent to the node");
    outage.heal();
    expect(await to.command("GET", last), "…and the key is where it was")
      .toBe(bulk(last));
    await untilJoined(client, lab, slot);
  });

  check("04.3d", {
    title: "loses no write to a key that is on its way",
    kind: "race",
    hint:
      "Between sending a key and letting go of it there is an await: let commands on this key wait for its end.",
    instances: 2,
    ...CLUSTER,
  }, async (lab) => {
    using client = new ClusterClient(lab);
    using writer = new ClusterClient(lab);
    await untilJoined(client, lab);
    const { slot, keys, source, target } = await filledSlot(client, lab);
    const [from, to] = [await client.node(source), await client.node(target)];
    await ok(to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source));
    await ok(from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target));
    const [key, other] = keys as [string, string];
    const value = lab.random.word(12);
    const sourceInstance = lab.instances.find(({ name }) => name === source)!;

    const onItsWay = lab.holdNext(sourceInstance, { peer: target }, /^P/);
    let isOnItsWay = true;
    const migrating = from.command("MIGRATE", target, 6379, key, 0, 5000)
      .finally(() => isOnItsWay = false);
    await onItsWay.reached;
    const writing = writer.follow(source, ["SET", key, value]);
    // Two round trips later the SET has been read: it was carried out, or it waits. These have nothing to wait for.
    using marker = await sourceInstance.resp();
    for (let turn = 0; turn < 2; turn++) await marker.command("PING");
    const found = await marker.command("GET", other);
    expect(
      isOnItsWay,
      "While a key is on its way, commands without a key and on other keys of its slot are answered",
    ).toBe(true);
    expect(found, "…and rightly").toBe(bulk(other));
    onItsWay.release();
    const [wrote, migrated] = await Promise.all([writing, migrating]);
    expect(wrote, "A SET while its key is on its way is carried out").toBe(
      "+OK",
    );
    expect(migrated, "…and so is the migration").toBe("+OK");
    expect(
      await client.follow(source, ["GET", key]),
      "What was written while the key was on its way is what is found afterwards",
    ).toBe(bulk(value));
  });

  check("04.3e", {
    title: "says so when the node of a slot is gone, and serves its own",
    kind: "fault",
    hint:
      "Before you send a client to another node, know whether it answers; -CLUSTERDOWN when it does not.",
    instances: 3,
    timeoutMs: 20_000,
    ...CLUSTER,
  }, async (lab) => {
    using client = new ClusterClient(lab);
    await untilJoined(client, lab);
    const keys = Array.from({ length: 60 }, () => freshKey(lab));
    for (const key of keys) await client.follow("A", ["SET", key, key]);
    const dead = lab.random.pick(lab.instances);
    const alive = lab.instances.filter((one) => one !== dead);
    await dead.kill();
    for (const { name } of alive) {
      const node = await client.node(name);
      await lab.eventually(async () => {
        for (
          const key of keys.filter((key) => ownerOf(lab, key) === dead.name)
        ) {
          expect(
            await node.command("GET", key),
            `The slots of ${dead.name}, which is gone, are answered with CLUSTERDOWN`,
          ).toMatch(/^-CLUSTERDOWN\b/);
        }
      });
    }
    for (const key of keys.filter((key) => ownerOf(lab, key) !== dead.name)) {
      expect(
        await client.follow(alive[0]!.name, ["GET", key]),
        "All other slots are served as before",
      ).toBe(bulk(key));
    }
    await dead.restart();
    const lost = keys.find((key) => ownerOf(lab, key) === dead.name)!;
    const node = await client.node(alive[0]!.name);
    await lab.eventually(async () => {
      expect(
        redirectOf(await node.command("GET", lost))?.name,
        "Once the node is back, clients are sent there again",
      ).toBe(dead.name);
    });
  });
});

/** After a start or an outage: each node may need a moment until it has heard of all others. */
async function untilJoined(
  client: ClusterClient,
  lab: Lab,
  movedSlot?: number,
): Promise<void> {
  const names = lab.instances.map(({ name }) => name);
  for (const name of names) {
    const node = await client.node(name);
    for (const other of names.filter((one) => one !== name)) {
      let key = freshKey(lab);
      while (ownerOf(lab, key) !== other || plainSlot(key) === movedSlot) {
        key = freshKey(lab);
      }
      const reply = await lab.eventually(async () => {
        const reply = await node.command("GET", key);
        expect(
          String(reply),
          "A node that answers is not taken for gone",
        ).not.toMatch(/^-CLUSTERDOWN\b/);
        return reply;
      });
      expect(
        reply,
        "A node sends clients to the owner of a slot with MOVED",
      ).toBe(`-MOVED ${plainSlot(key)} ${other}:6379`);
    }
  }
}

/** Twenty keys of one slot, each with itself as its value and a minute to live. */
async function filledSlot(client: ClusterClient, lab: Lab) {
  const tag = lab.random.word(8);
  const slot = plainSlot(tag);
  const source = firstOwner(slot, lab.instances);
  const target = source === "A" ? "B" : "A";
  const keys = Array.from({ length: 20 }, (_, index) => `{${tag}}:${index}`);
  for (const key of keys) {
    await ok(client.follow("A", ["SET", key, key, "PX", 60_000]));
  }
  return { slot, keys, source, target };
}

async function ok(reply: Promise<RespReply>): Promise<void> {
  expect(await reply, "A command of the migration answers OK").toBe("+OK");
}

async function expectAllFound(
  client: ClusterClient,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) await expectFound(client, key);
}

/** By way of either node. */
async function expectFound(client: ClusterClient, key: string): Promise<void> {
  for (const first of ["A", "B"]) {
    expect(
      await client.follow(first, ["GET", key]),
      "A client that goes where it is sent finds every key at every moment",
    ).toBe(bulk(key));
  }
}

/** Moves one key, and finds it. */
async function expectMoved(
  client: ClusterClient,
  { key, source, target }: { key: string; source: string; target: string },
): Promise<void> {
  const from = await client.node(source);
  await ok(from.command("MIGRATE", target, 6379, key, 0, 5000));
  await expectFound(client, key);
}

/** GET and SET are not the only commands that name a key. */
async function expectSentOn(
  client: ClusterClient,
  lab: Lab,
  key: string,
): Promise<void> {
  const owner = ownerOf(lab, key);
  const other = lab.instances.find(({ name }) => name !== owner)!;
  const commands = [
    ["DEL", key],
    ["EXPIRE", key, 60],
    ["PTTL", key],
    ["MGET", key, key],
  ];
  expect(
    await (await client.node(other.name)).pipeline(commands),
    "DEL, EXPIRE, PTTL and MGET of another's key are sent to its owner with MOVED, as GET and SET are",
  ).toEqual(commands.map(() => `-MOVED ${plainSlot(key)} ${owner}:6379`));
}

/** Two keys of one node and two slots. */
function differentSlots(lab: Lab, keys: readonly string[]): [string, string] {
  const [first] = keys as [string];
  const second = keys.find((key) =>
    ownerOf(lab, key) === ownerOf(lab, first) &&
    plainSlot(key) !== plainSlot(first)
  )!;
  return [first, second];
}

function sorted(reply: RespReply): RespReply[] {
  return [...reply as RespReply[]].sort();
}
