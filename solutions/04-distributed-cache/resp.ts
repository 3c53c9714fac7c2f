/** RESP2, both directions: commands out of bytes that come in any pieces, replies into bytes. */

/** The words of one command, the name first; words are bytes, not text. */
export type Command = readonly Uint8Array[];

/** What came is no RESP2: nothing after it can be understood, so the connection has to end. */
export class ProtocolError extends Error {}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const WORDS_MAX = 1024 * 1024;
const WORD_BYTES_MAX = 512 * 1024 * 1024;
const HEADER_BYTES_MAX = 32;

/** One per connection. Keeps what is not yet a whole command until the rest arrives. */
export class CommandReader {
  #kept = new Uint8Array();

  /** All commands that are whole now, in order. */
  push(chunk: Uint8Array): Command[] {
    this.#kept = concat([this.#kept, chunk]);
    const commands: Command[] = [];
    let at = 0;
    for (;;) {
      const parsed = parseCommand(this.#kept, at);
      if (parsed === undefined) break;
      if (parsed.words.length > 0) commands.push(parsed.words);
      at = parsed.end;
    }
    this.#kept = this.#kept.slice(at);
    return commands;
  }
}

function parseCommand(bytes: Uint8Array, start: number) {
  const head = parseHeader(bytes, { at: start, type: "*", max: WORDS_MAX });
  if (head === undefined) return undefined;
  const words: Uint8Array[] = [];
  let at = head.end;
  while (words.length < head.number) {
    const max = WORD_BYTES_MAX;
    const word = parseHeader(bytes, { at, type: "$", max });
    if (word === undefined) return undefined;
    // The length says where the word ends. Its bytes are not looked at: they may hold a CRLF of their own.
    const end = word.end + word.number;
    if (bytes.length < end + 2) return undefined;
    words.push(bytes.slice(word.end, end));
    at = end + 2;
  }
  return { words, end: at };
}

/** "*3\r\n" or "$5\r\n"; undefined while its end has not arrived. */
function parseHeader(
  bytes: Uint8Array,
  { at, type, max }: { at: number; type: "*" | "$"; max: number },
): { number: number; end: number } | undefined {
  if (at >= bytes.length) return undefined;
  const found = String.fromCharCode(bytes[at]!);
  if (found !== type) {
    throw new ProtocolError(`expected '${type}', got '${found}'`);
  }
  const lineEnd = bytes.indexOf(CARRIAGE_RETURN, at);
  if (lineEnd === -1 || lineEnd + 1 >= bytes.length) {
    if (bytes.length - at > HEADER_BYTES_MAX) {
      throw new ProtocolError("too big a length");
    }
    return undefined;
  }
  const digits = text(bytes.subarray(at + 1, lineEnd));
  if (!/^\d{1,10}$/.test(digits) || Number(digits) > max) {
    throw new ProtocolError("invalid length");
  }
  return { number: Number(digits), end: lineEnd + 2 };
}

const CARRIAGE_RETURN = 13;

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
