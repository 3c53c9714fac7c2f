/** RESP2, both directions: commands out of bytes that come in any pieces, replies into bytes. Replies are done. */

/** The words of one command, the name first; words are bytes, not text. */
export type Command = readonly Uint8Array[];

/** One per connection. Keeps what is not yet a whole command until the rest arrives. */
export class CommandReader {
  /** All commands that are whole now, in order. */
  push(_chunk: Uint8Array): Command[] {
    // TODO 04.1
    return [];
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export type Reply = Uint8Array;

export const OK: Reply = simple("OK");
export const NIL: Reply = bytesOf("$-1\r\n");

export function simple(words: string): Reply {
  return bytesOf(`+${words}\r\n`);
}

/** The first word is the code: "ERR", "MOVED". */
export function error(message: string): Reply {
  return bytesOf(`-${message.replace(/[\r\n]/g, " ")}\r\n`);
}

/** The reply of a part that is still to be built; the first failing check shows it. */
export function notImplemented(stage: string, toBuild: string): Reply {
  return error(`NOTIMPLEMENTED Stage ${stage}: ${toBuild}`);
}

export function integer(value: number): Reply {
  return bytesOf(`:${value}\r\n`);
}

export function bulk(value: Uint8Array | string | undefined): Reply {
  if (value === undefined) return NIL;
  const bytes = typeof value === "string" ? bytesOf(value) : value;
  return concat([bytesOf(`$${bytes.length}\r\n`), bytes, bytesOf("\r\n")]);
}

export function array(replies: readonly Reply[]): Reply {
  return concat([bytesOf(`*${replies.length}\r\n`), ...replies]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function bytesOf(words: string): Uint8Array {
  return encoder.encode(words);
}
