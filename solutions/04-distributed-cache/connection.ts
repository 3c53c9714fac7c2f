/** One client's connection: bytes in, commands out, replies back in the same order. */
import {
  type Command,
  CommandReader,
  concat,
  error,
  ProtocolError,
  type Reply,
} from "./resp.ts";

const READ_BYTES = 64 * 1024;

/** What a node remembers of one connection. */
export interface Session {
  /** The command before was ASKING: the next one may use a slot that is still on its way here. */
  isAsking: boolean;
}

export type Execute = (
  command: Command,
  session: Session,
) => Reply | Promise<Reply>;

/** Resolves when the client has ended and has all its replies. */
export async function serveConnection(
  connection: Deno.Conn,
  execute: Execute,
): Promise<void> {
  // All state is the connection's own: half a command of one client must not end up in another's.
  const reader = new CommandReader();
  const session: Session = { isAsking: false };
  const buffer = new Uint8Array(READ_BYTES);
  try {
    for (;;) {
      const length = await connection.read(buffer);
      if (length === null) return;
      const replies: Reply[] = [];
      for (const command of reader.push(buffer.subarray(0, length))) {
        // One after the other: the client tells replies apart by their order alone.
        replies.push(await execute(command, session));
      }
      // No reading while a client does not read: its replies would pile up here.
      await writeAll(connection, concat(replies));
    }
  } catch (cause) {
    if (cause instanceof ProtocolError) {
      await writeAll(connection, error(`ERR Protocol error: ${cause.message}`));
    } else if (!isGone(cause)) throw cause;
  }
}

/** `write` takes what fits into the socket's buffer and says how much that was. */
async function writeAll(
  connection: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}

/** A client that leaves without a word is no fault of ours. */
function isGone(cause: unknown): boolean {
  return cause instanceof Deno.errors.BrokenPipe ||
    cause instanceof Deno.errors.ConnectionReset;
}
