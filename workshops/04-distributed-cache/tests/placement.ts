/** Which node has which slot, and which keys. */
import { bulk, expect, type Lab, type RespClient, type RespReply } from "@lab";
import { type ClusterClient, firstOwner, plainSlot } from "./cluster_client.ts";

/** CLUSTER SLOTS of each node covers all slots, each with its owner. */
export async function expectSlots(
  client: ClusterClient,
  lab: Lab,
): Promise<void> {
  for (const { name } of lab.instances) {
    const owners = await slotOwners(await client.node(name));
    const expected = Array.from(
      { length: 16384 },
      (_, slot) => bulk(firstOwner(slot, lab.instances)),
    );
    expect(owners.length, "CLUSTER SLOTS gives 16384 slots, 0 to 16383")
      .toBe(expected.length);
    const wrong = expected.findIndex((host, slot) => host !== owners[slot]);
    expect(
      owners[wrong],
      `CLUSTER SLOTS gives each of the 16384 slots to the node that the contract names; slot ${wrong}`,
    ).toBe(expected[wrong]);
  }
}

/** By slot, as CLUSTER SLOTS of this node says. */
export async function slotOwners(node: RespClient): Promise<string[]> {
  const ranges = await node.command("CLUSTER", "SLOTS") as RespReply[][];
  const owners: string[] = [];
  for (const [first, last, place] of ranges) {
    const [host, port] = place as string[];
    expect(port, "CLUSTER SLOTS names the port 6379").toBe(":6379");
    for (let slot = numberIn(first!); slot <= numberIn(last!); slot++) {
      owners[slot] = host!;
    }
  }
  return owners;
}

/** Stores all keys by way of random nodes, and looks where they are. */
export async function expectPlaced(
  client: ClusterClient,
  lab: Lab,
  keys: readonly string[],
): Promise<void> {
  const names = lab.instances.map(({ name }) => name);
  for (const command of ["SET", "GET"] as const) {
    const words = (key: string) =>
      command === "SET" ? [command, key, key] : [command, key];
    const asked = new Map(names.map((name) => [name, [] as string[]]));
    for (const key of keys) asked.get(lab.random.pick(names))!.push(key);
    const sentOn = new Map(names.map((name) => [name, [] as string[]]));
    for (const [name, some] of asked) {
      const replies = await (await client.node(name)).pipeline(some.map(words));
      some.forEach((key, index) => {
        const owner = ownerOf(lab, key);
        if (owner !== name) sentOn.get(owner)!.push(key);
        expect(
          replies[index],
          "A node serves its own slots and sends everybody else to the owner with MOVED",
        ).toEqual(
          owner !== name
            ? `-MOVED ${plainSlot(key)} ${owner}:6379`
            : command === "SET"
            ? "+OK"
            : bulk(key),
        );
      });
    }
    for (const [name, some] of sentOn) {
      const replies = await (await client.node(name)).pipeline(some.map(words));
      expect(
        replies,
        `A client that goes where it is sent finds all of ${keys.length} keys`,
      ).toEqual(some.map((key) => command === "SET" ? "+OK" : bulk(key)));
    }
  }
  let stored = 0;
  for (const name of names) {
    stored += numberIn(await (await client.node(name)).command("DBSIZE"));
  }
  expect(stored, "Each key is on one node").toBe(keys.length);
}

/** The node that has the slot of a key at first; the key has no braces. */
export function ownerOf(lab: Lab, key: string): string {
  return firstOwner(plainSlot(key), lab.instances);
}

function numberIn(reply: RespReply): number {
  return Number(String(reply).slice(1));
}
