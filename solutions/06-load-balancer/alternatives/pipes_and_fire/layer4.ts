/** Two pipes: web streams do the copying and the waiting, and pass each end on. */
import type { Context } from "@contract/system.ts";
import type { Balance } from "./balance.ts";
import type { Pool } from "./pool.ts";

export interface Passing {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly config: Context["config"];
}

const PIECE_BYTES = 32 * 1024;

export async function passBytes(
  client: Deno.Conn,
  { pool, balance, config }: Passing,
): Promise<void> {
  using _client = client; // Closed at the end, if it is not then.
  const { ready } = pool;
  if (ready.length === 0) return;
  const backend = balance(ready, "");
  const end = backend.begin();
  try {
    using server = await backend.upstream.connect();
    const line = config.proxyProtocol ? "PROXY UNKNOWN\r\n" : "";
    // Who reads no more may still have something to say.
    await Promise.allSettled([
      readableOf(client, line).pipeTo(writableOf(server)),
      readableOf(server, "").pipeTo(writableOf(client)),
    ]);
  } catch {
    // The backend cannot be called.
  } finally {
    end();
  }
}

/** A connection's own `readable` closes both directions at the end of one, so these are made by hand. */
function readableOf(from: Deno.Conn, first: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (first) controller.enqueue(new TextEncoder().encode(first));
    },
    async pull(controller) {
      const buffer = new Uint8Array(PIECE_BYTES);
      const length = await from.read(buffer);
      if (length === null) controller.close();
      else controller.enqueue(buffer.subarray(0, length));
    },
  });
}

function writableOf(to: Deno.Conn): WritableStream<Uint8Array> {
  return new WritableStream({
    async write(piece) {
      for (let rest = piece; rest.length > 0;) {
        rest = rest.subarray(await to.write(rest));
      }
    },
    close: () => to.closeWrite(),
    /** What is sent to it broke off: there is no answer to that. */
    abort: () => to.close(),
  });
}
