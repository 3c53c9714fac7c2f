/** Passes the bytes of one connection to a backend and back, without knowing what they mean. */
import type { Context } from "@contract/system.ts";
import type { Backend } from "./backend.ts";
import type { Balance } from "./balance.ts";
import type { Pool } from "./pool.ts";

/** All that one direction of a connection keeps in memory. */
const BUFFER_BYTES = 64 * 1024;
/** PROXY protocol, version 1, for a client without an address. */
const PROXY_LINE = new TextEncoder().encode("PROXY UNKNOWN\r\n");

export interface Passing {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly config: Context["config"];
}

/** Resolves when the connection is over, in both directions. */
export async function passBytes(
  client: Deno.Conn,
  { pool, balance, config }: Passing,
): Promise<void> {
  const { ready } = pool;
  if (ready.length === 0) return client.close();
  const backend = balance(ready, "");
  const end = backend.begin();
  try {
    await connect(client, backend, config.proxyProtocol === true);
  } finally {
    end();
  }
}

async function connect(
  client: Deno.Conn,
  { upstream }: Backend,
  isAnnounced: boolean,
): Promise<void> {
  const server = await upstream.connect().catch(() => undefined);
  if (server === undefined) return client.close();
  try {
    if (isAnnounced) await writeAll(server, PROXY_LINE);
    await Promise.all([pump(client, server), pump(server, client)]);
  } catch {
    // One side broke off in the middle of what it said: there is no answer to that.
  } finally {
    for (const side of [client, server]) closeQuietly(side);
  }
}

/** One direction: reads no more before the last piece was taken, and passes the end on as an end. */
async function pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (;;) {
    const length = await from.read(buffer);
    if (length === null) break;
    try {
      await writeAll(to, buffer.subarray(0, length));
    } catch {
      return; // Who reads no more may still have something to say.
    }
  }
  await to.closeWrite();
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await to.write(bytes.subarray(sent));
  }
}

function closeQuietly(side: Deno.Conn): void {
  try {
    side.close();
  } catch {
    // It has closed already.
  }
}
