/**
 * Moves single keys to another node (`MIGRATE`). The other node has the key before this one lets go of it, so at no
 * moment is it on neither; and commands on a key that is on its way wait, so no write is made to the copy left behind.
 */
import type { Context } from "@contract/system.ts";
import type { ItemStore } from "./item_store.ts";
import { type Command, error, OK, type Reply, simple, text } from "./resp.ts";

/** A node that does not answer must not hold a key for ever. */
const TRANSFER_MS_MAX = 2_000;
/** Where nodes hand keys to each other; clients have no business here. */
export const TRANSFER_PATH = "/internal/keys";

export interface Migration {
  /** `MIGRATE host port key 0 timeout` */
  migrate(command: Command): Promise<Reply>;
  /** Ends with the move of one of these keys; undefined when none is on its way. */
  underWay(keys: readonly string[]): Promise<unknown> | undefined;
  /** The other end: a key arrives. */
  receive(request: Request): Promise<Response>;
}

export function keyMigration(
  { peers }: Context,
  items: ItemStore,
): Migration {
  const onTheirWay = new Map<string, Promise<Reply>>();

  async function transfer(key: string, node: string): Promise<Reply> {
    const item = items.find(key);
    if (item === undefined) return simple("NOKEY");
    const peer = peers.find(({ instance }) => instance === node);
    if (peer === undefined) return error(`ERR Unknown node ${node}`);
    const expiresAtMs = Number.isFinite(item.expiresAtMs)
      ? `&expiresAtMs=${item.expiresAtMs}`
      : "";
    const name = encodeURIComponent(key);
    try {
      const answer = await peer.fetch(
        `${TRANSFER_PATH}?key=${name}${expiresAtMs}`,
        {
          method: "PUT",
          body: item.value.slice(),
          signal: AbortSignal.timeout(TRANSFER_MS_MAX),
        },
      );
      if (!answer.ok) throw new Error(`${node} answered ${answer.status}`);
    } catch (cause) {
      // It may have arrived all the same. While this node has the key it serves it, and a retry overwrites the copy.
      return error(`IOERR error or timeout talking to ${node}: ${cause}`);
    }
    items.delete(key);
    return OK;
  }

  return {
    async migrate([, host, , word]) {
      const key = text(word!);
      while (onTheirWay.has(key)) await onTheirWay.get(key);
      const moving = transfer(key, text(host!));
      onTheirWay.set(key, moving);
      try {
        return await moving;
      } finally {
        onTheirWay.delete(key);
      }
    },
    underWay(keys) {
      const moving = keys.find((key) => onTheirWay.has(key));
      return moving === undefined ? undefined : onTheirWay.get(moving);
    },
    async receive(request) {
      const query = new URL(request.url).searchParams;
      const value = new Uint8Array(await request.arrayBuffer());
      const expiresAtMs = Number(query.get("expiresAtMs") ?? Infinity);
      items.write(query.get("key")!, value, expiresAtMs);
      return new Response(null, { status: 204 });
    },
  };
}
