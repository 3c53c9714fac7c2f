/** One node of a cluster: serves its own slots, and says where the others are. */
import {
  type CommandContext,
  keysOf,
  NOT_A_NUMBER,
  runCommand,
  wholeNumber,
  wrongNumber,
} from "./commands.ts";
import type { Session } from "./connection.ts";
import type { Migration } from "./migration.ts";
import type { NodeHealth } from "./node_health.ts";
import {
  array,
  bulk,
  type Command,
  error,
  integer,
  OK,
  type Reply,
  text,
} from "./resp.ts";
import type { SlotMap } from "./slot_map.ts";
import { slotOf, SLOTS } from "./slots.ts";

export const PORT = 6379;

export interface Cluster {
  readonly slots: SlotMap;
  readonly migration: Migration;
  readonly health: NodeHealth;
}

/** Carries a command out, or answers with the error that sends the client elsewhere. */
export async function runInCluster(
  command: Command,
  { isAsking }: Session,
  context: CommandContext & { readonly cluster: Cluster },
): Promise<Reply> {
  const { items, cluster: { slots, migration, health } } = context;
  const keys = keysOf(command);
  const wanted = [...new Set(keys.map(slotOf))];
  const [slot] = wanted;
  if (slot === undefined) return runCommand(command, context);
  if (wanted.length > 1) {
    return error("CROSSSLOT Keys in request don't hash to the same slot");
  }
  // From the last look on there is no await: no key can leave between the decision and the command.
  let moving: Promise<unknown> | undefined;
  while ((moving = migration.underWay(keys)) !== undefined) await moving;
  const owner = slots.ownerOf(slot);
  if (owner === slots.me) {
    const target = slots.migrating.get(slot);
    const missing = keys.filter((key) => items.find(key) === undefined);
    if (target === undefined || missing.length === 0) {
      return runCommand(command, context);
    }
    if (missing.length === keys.length) {
      return error(`ASK ${slot} ${target}:${PORT}`);
    }
    return error("TRYAGAIN Multiple keys request during rehashing of slot");
  }
  if (isAsking && slots.importing.has(slot)) {
    return runCommand(command, context);
  }
  return await health.isAlive(owner)
    ? error(`MOVED ${slot} ${owner}:${PORT}`)
    : error("CLUSTERDOWN Hash slot not served");
}

/** `CLUSTER …`. Without a cluster only KEYSLOT, which is plain arithmetic. */
export function runClusterCommand(
  [, subcommand, ...words]: Command,
  { items, cluster }: CommandContext & { readonly cluster?: Cluster },
): Reply {
  const name = subcommand === undefined ? "" : text(subcommand).toUpperCase();
  if (name === "KEYSLOT") {
    return words.length === 1
      ? integer(slotOf(text(words[0]!)))
      : wrongNumber("cluster|keyslot");
  }
  if (cluster === undefined) {
    return error("ERR This instance has cluster support disabled");
  }
  if (name === "SLOTS") return slotsReply(cluster.slots);
  if (name !== "SETSLOT" && name !== "GETKEYSINSLOT") {
    return error(`ERR unknown subcommand '${name}'`);
  }
  const slot = wholeNumber(words[0]);
  if (slot === undefined || slot < 0 || slot >= SLOTS) {
    return error("ERR Invalid or out of range slot");
  }
  if (name === "SETSLOT") return setSlot(slot, words, cluster.slots);
  const count = wholeNumber(words[1]);
  if (count === undefined || count < 0) return NOT_A_NUMBER;
  const keys = items.keys().filter((key) => slotOf(key) === slot);
  return array(keys.slice(0, count).map((key) => bulk(key)));
}

function slotsReply(slots: SlotMap): Reply {
  return array(
    slots.ranges().map(({ first, last, node }) =>
      array([
        integer(first),
        integer(last),
        array([bulk(node), integer(PORT), bulk(node)]),
      ])
    ),
  );
}

function setSlot(
  slot: number,
  [, how, word]: readonly Uint8Array[],
  slots: SlotMap,
): Reply {
  const state = how === undefined ? "" : text(how).toUpperCase();
  const node = word === undefined ? "" : text(word);
  if (state === "STABLE") slots.settle(slot);
  else if (!slots.nodes.includes(node)) {
    return error(`ERR Unknown node ${node}`);
  } else if (state === "MIGRATING") slots.migrating.set(slot, node);
  else if (state === "IMPORTING") slots.importing.set(slot, node);
  else if (state === "NODE") slots.assign(slot, node);
  else {return error(
      "ERR Invalid CLUSTER SETSLOT action or number of arguments",
    );}
  return OK;
}
