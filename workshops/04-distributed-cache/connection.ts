/** One client's connection: bytes in, commands out, replies back in the same order. */
import { type Command, notImplemented, type Reply } from "./resp.ts";

const READ_BYTES = 64 * 1024;

/** What a node remembers of one connection. */
export interface Session {
  /** The command before was ASKING (04.3): the next one may use a slot that is still on its way here. */
  isAsking: boolean;
}

/** Carries out one command: `cache_node.ts` makes it. */
export type Execute = (
  command: Command,
  session: Session,
) => Reply | Promise<Reply>;

/** Resolves when the client has ended and has all its replies; the connection is closed then. */
export async function serveConnection(
  connection: Deno.Conn,
  _execute: Execute,
): Promise<void> {
  // TODO 04.1
  const toBuild = notImplemented("04.1", "read commands and answer them");
  const buffer = new Uint8Array(READ_BYTES);
  while (await connection.read(buffer) !== null) {
    await connection.write(toBuild);
  }
}
