/** Moves single keys to another node. Clients go on using a key meanwhile: if it has changed, it is sent again. */
import type { Context } from "@contract/system.ts";
import type { Item, ItemStore } from "./item_store.ts";
import { type Command, error, OK, type Reply, simple, text } from "./resp.ts";

const TRANSFER_MS_MAX = 2_000;
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
  const onTheirWay = new Map<string, Promise<Reply>>();

  async function send(node: string, key: string, item: Item | undefined) {
    const peer = peers.find(({ instance }) => instance === node);
    if (peer === undefined) throw new Error(`${node} is not known`);
    const answer = await peer.fetch(TRANSFER_PATH, {
      method: "PUT",
      body: JSON.stringify({
        key,
        value: item && [...item.value],
        expiresAtMs: item && Number.isFinite(item.expiresAtMs)
          ? item.expiresAtMs
          : undefined,
      }),
      signal: AbortSignal.timeout(TRANSFER_MS_MAX),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  }

  async function move(node: string, key: string): Promise<Reply> {
    let sent = items.find(key);
    if (sent === undefined) return simple("NOKEY");
    try {
      for (;;) {
        await send(node, key, sent);
        const now = items.find(key);
        // No await between this look and the delete: nobody can write in between.
        if (now === sent) break;
        sent = now;
      }
    } catch (cause) {
      return error(`IOERR error or timeout talking to ${node}: ${cause}`);
    }
    items.delete(key);
    return OK;
  }

  return {
    async migrate([, host, , word]) {
      const key = text(word!);
      while (onTheirWay.has(key)) await onTheirWay.get(key);
      const moving = move(text(host!), key);
      onTheirWay.set(key, moving);
      try {
        return await moving;
      } finally {
        onTheirWay.delete(key);
      }
    },
    /** Only for a key that was deleted on its way: the other node still has it, and has yet to hear of that. */
    underWay(keys) {
      const gone = keys.find((key) =>
        onTheirWay.has(key) && items.find(key) === undefined
      );
      return gone === undefined ? undefined : onTheirWay.get(gone);
    },
    async receive(request) {
      const { key, value, expiresAtMs } = await request.json();
      if (value === undefined) items.delete(key);
      else items.write(key, new Uint8Array(value), expiresAtMs);
      return new Response(null, { status: 204 });
    },
  };
}
