/**
 * Moves keys to another node in batches: those that come while a transfer to that node is under way go together in the
 * next one. A key is on its way from MIGRATE until the answer to its batch.
 */
import type { Context, Peer } from "@contract/system.ts";
import type { ItemStore } from "./item_store.ts";
import { type Command, error, OK, type Reply, simple, text } from "./resp.ts";

const TRANSFER_MS_MAX = 2_000;
export const TRANSFER_PATH = "/internal/keys";

export interface Migration {
  migrate(command: Command): Promise<Reply>;
  underWay(keys: readonly string[]): Promise<unknown> | undefined;
  receive(request: Request): Promise<Response>;
}

interface Batch {
  readonly keys: Set<string>;
  /** What each MIGRATE is answered, by key. */
  readonly replies: Promise<Map<string, Reply>>;
}

interface Parcel {
  readonly key: string;
  readonly value: number[];
  /** JSON has no Infinity: null without an end. */
  readonly expiresAtMs: number | null;
}

export function keyMigration(
  { peers }: Context,
  items: ItemStore,
): Migration {
  const batches = new Set<Batch>();
  /** The batch of each node that has not left yet. */
  const outboxes = new Map<Peer, Batch>();
  const lastTransfers = new Map<Peer, Promise<unknown>>();

  const batchWith = (keys: readonly string[]) =>
    [...batches].find((batch) => keys.some((key) => batch.keys.has(key)));

  function outboxOf(peer: Peer): Batch {
    const known = outboxes.get(peer);
    if (known) return known;
    const keys = new Set<string>();
    const last = lastTransfers.get(peer) ?? Promise.resolve();
    const replies = last.then(async () => {
      outboxes.delete(peer);
      const replies = await transfer([...keys], peer);
      batches.delete(batch);
      return replies;
    });
    const batch = { keys, replies };
    outboxes.set(peer, batch);
    lastTransfers.set(peer, replies);
    batches.add(batch);
    return batch;
  }

  async function transfer(
    keys: readonly string[],
    peer: Peer,
  ): Promise<Map<string, Reply>> {
    const replies = new Map(keys.map((key) => [key, simple("NOKEY")]));
    const parcels = keys.flatMap((key) => parcelOf(key) ?? []);
    if (parcels.length === 0) return replies;
    const reply = await send(parcels, peer).then(() => OK, (cause) =>
      error(
        `IOERR error or timeout talking to ${peer.instance}: ${cause}`,
      ));
    for (const { key } of parcels) {
      replies.set(key, reply);
      if (reply === OK) items.delete(key);
    }
    return replies;
  }

  function parcelOf(key: string): Parcel | undefined {
    const item = items.find(key);
    if (item === undefined) return undefined;
    const { value, expiresAtMs } = item;
    const isMortal = Number.isFinite(expiresAtMs);
    return { key, value: [...value], expiresAtMs: isMortal ? expiresAtMs : null };
  }

  return {
    async migrate([, host, , word]) {
      const [node, key] = [text(host!), text(word!)];
      const peer = peers.find(({ instance }) => instance === node);
      if (peer === undefined) return error(`ERR Unknown node ${node}`);
      for (let moving; (moving = batchWith([key]));) await moving.replies;
      const { keys, replies } = outboxOf(peer);
      keys.add(key);
      return (await replies).get(key)!;
    },
    underWay: (keys) => batchWith(keys)?.replies,
    async receive(request) {
      const parcels: Parcel[] = await request.json();
      for (const { key, value, expiresAtMs } of parcels) {
        items.write(key, new Uint8Array(value), expiresAtMs ?? Infinity);
      }
      return new Response(null, { status: 204 });
    },
  };
}

async function send(parcels: readonly Parcel[], peer: Peer): Promise<void> {
  const answer = await peer.fetch(TRANSFER_PATH, {
    method: "PUT",
    body: JSON.stringify(parcels),
    signal: AbortSignal.timeout(TRANSFER_MS_MAX),
  });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}
