/**
 * Moves single keys to another node, one after the other. As in Redis, no command on any key is carried out meanwhile:
 * nothing to remember about single keys, and one slow transfer is felt by everybody.
 */
import type { Context, Peer } from "@contract/system.ts";
import type { ItemStore } from "./item_store.ts";
import { type Command, error, OK, type Reply, simple, text } from "./resp.ts";

const TRANSFER_MS_MAX = 2_000;
/** A lifetime, or nothing; the key and the value are the body, which needs no escaping then. */
const HEADER = "x-expires-at-ms";
export const TRANSFER_PATH = "/internal/keys";

export interface Migration {
  migrate(command: Command): Promise<Reply>;
  underWay(keys: readonly string[]): Promise<unknown> | undefined;
  receive(request: Request): Promise<Response>;
}

export function keyMigration(
  { peers }: Context,
  items: ItemStore,
): Migration {
  const queue: Promise<Reply>[] = [];

  async function move(key: string, peer: Peer): Promise<Reply> {
    const item = items.find(key);
    if (item === undefined) return simple("NOKEY");
    const body = new FormData();
    body.set("key", key);
    body.set("value", new Blob([item.value.slice()]));
    const headers = Number.isFinite(item.expiresAtMs)
      ? { [HEADER]: String(item.expiresAtMs) }
      : undefined;
    const signal = AbortSignal.timeout(TRANSFER_MS_MAX);
    const request = { method: "PUT", body, headers, signal };
    try {
      const answer = await peer.fetch(TRANSFER_PATH, request);
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    } catch (cause) {
      const node = peer.instance;
      return error(`IOERR error or timeout talking to ${node}: ${cause}`);
    }
    items.delete(key);
    return OK;
  }

  return {
    async migrate([, host, , key]) {
      const node = text(host!);
      const peer = peers.find(({ instance }) => instance === node);
      if (peer === undefined) return error(`ERR Unknown node ${node}`);
      const last = queue.at(-1) ?? Promise.resolve();
      const moving = last.then(() => move(text(key!), peer));
      queue.push(moving);
      try {
        return await moving;
      } finally {
        queue.shift();
      }
    },
    underWay: () => queue.at(-1),
    async receive(request) {
      const body = await request.formData();
      const value = await (body.get("value") as File).bytes();
      const expiresAtMs = Number(request.headers.get(HEADER) ?? Infinity);
      items.write(String(body.get("key")), value, expiresAtMs);
      return new Response(null, { status: 204 });
    },
  };
}
