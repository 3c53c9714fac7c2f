/** Reads ahead: while one piece is written to one side, the next is read from the other. */
import type { Context } from "@contract/system.ts";
import type { Balance } from "./balance.ts";
import type { Pool } from "./pool.ts";

export interface Passing {
  readonly pool: Pool;
  readonly balance: Balance;
  readonly config: Context["config"];
}

/** One is being written, one is being filled; all that a slow reader costs. */
const BUFFERS = 2;
const BUFFER_BYTES = 16 * 1024;

export async function passBytes(
  client: Deno.Conn,
  { pool, balance, config }: Passing,
): Promise<void> {
  const sides = [client];
  const { ready } = pool;
  const backend = ready.length > 0 ? balance(ready, "") : undefined;
  const end = backend?.begin();
  try {
    if (backend === undefined) return;
    const server = await backend.upstream.connect();
    sides.push(server);
    const line = config.proxyProtocol === true ? "PROXY UNKNOWN\r\n" : "";
    await writeAll(server, new TextEncoder().encode(line));
    await Promise.all([pass(client, server), pass(server, client)]);
  } catch {
    // What one side said broke off, and so it is over on both.
  } finally {
    for (const side of sides) side.close();
    end?.();
  }
}

async function pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffers = Array.from(
    { length: BUFFERS },
    () => new Uint8Array(BUFFER_BYTES),
  );
  let written = Promise.resolve(true);
  for (let turn = 0;; turn++) {
    const buffer = buffers[turn % BUFFERS]!;
    const [length, isTaken] = await Promise.all([from.read(buffer), written]);
    if (!isTaken) return; // Who reads no more may still have something to say.
    if (length === null) break;
    written = writeAll(to, buffer.subarray(0, length))
      .then(() => true, () => false);
  }
  await to.closeWrite();
}

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) {
    rest = rest.subarray(await to.write(rest));
  }
}
