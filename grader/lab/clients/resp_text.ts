import type { RespCommand, RespReply } from "./resp_types.ts";

/** A reply of a system says what is still to be built: "-NOTIMPLEMENTED Stage 04.1: read commands". */
const NOT_IMPLEMENTED = "-NOTIMPLEMENTED ";
const SHOWN_CHARS_MAX = 80;

/** The bulk string reply with this value: `bulk("x")` is "$x". Bytes that are no UTF-8 are written as `\xff`. */
export function bulk(value: string | number | Uint8Array): string {
  return `$${readable(bytesOf(value))}`;
}

/** The bytes of a command: an array of bulk strings. */
export function encodeCommand(command: RespCommand): Uint8Array[] {
  const parts = [encode(`*${command.length}\r\n`)];
  for (const word of command) {
    const bytes = bytesOf(word);
    parts.push(encode(`$${bytes.length}\r\n`), bytes, encode("\r\n"));
  }
  return parts;
}

/** "SET key 1", with long words cut. */
export function commandText(command: RespCommand): string {
  return command.map((word) => shorten(readable(bytesOf(word)))).join(" ");
}

/** "$value", "[$a, nil]", with long values cut. */
export function replyText(reply: RespReply): string {
  if (typeof reply === "string") return shorten(reply);
  return shorten(`[${reply.map(replyText).join(", ")}]`);
}

/** What a stub says in place of a reply. */
export function replyToBuild(reply: RespReply): string | undefined {
  if (typeof reply !== "string") return undefined;
  return reply.startsWith(NOT_IMPLEMENTED)
    ? reply.slice(NOT_IMPLEMENTED.length)
    : undefined;
}

/** Different bytes never read the same. */
export function readable(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes).replaceAll("\\x", "\\x5cx");
  } catch {
    return Array.from(bytes, readableByte).join("");
  }
}

function readableByte(byte: number): string {
  const isPlain = byte >= 32 && byte < 127 && byte !== BACKSLASH;
  return isPlain
    ? String.fromCharCode(byte)
    : `\\x${byte.toString(16).padStart(2, "0")}`;
}

function bytesOf(word: string | number | Uint8Array): Uint8Array {
  return word instanceof Uint8Array ? word : encode(String(word));
}

function shorten(text: string): string {
  return text.length <= SHOWN_CHARS_MAX
    ? text
    : `${text.slice(0, SHOWN_CHARS_MAX)}… (${text.length} characters)`;
}

function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

const BACKSLASH = 92;
const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
