/** HTTP/1.1 as a client speaks it (RFC 9112): heads, and bodies that say where they end. */
import type { ByteReader } from "./byte_reader.ts";

export type Write = (bytes: Uint8Array) => Promise<void>;

export interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | ArrayBuffer | null;
}

export async function writeQuestion(
  { method, path, headers, body }: Question,
  write: Write,
): Promise<void> {
  const fields = new Headers(headers);
  if (!fields.has("host")) fields.set("host", "localhost");
  if (body instanceof ArrayBuffer) {
    fields.set("content-length", String(body.byteLength));
  }
  // Deno gives a GET no body, whatever came: the next question would be taken for it.
  if (body === null) fields.delete("content-length");
  const isChunked = body !== null && !fields.has("content-length");
  if (isChunked) fields.set("transfer-encoding", "chunked");
  const lines = [...fields].map(([name, value]) => `${name}: ${value}\r\n`);
  await write(latin1(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`));
  if (body instanceof ArrayBuffer) return await write(new Uint8Array(body));
  for await (const piece of body ?? []) {
    if (piece.length === 0) continue; // Would be the last chunk.
    await write(isChunked ? chunkOf(piece) : piece);
  }
  if (isChunked) await write(latin1("0\r\n\r\n"));
}

export interface AnswerHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
}

/** The first that is final: 100 Continue and its like announce another. */
export async function readHead(reader: ByteReader): Promise<AnswerHead> {
  for (;;) {
    const line = await reader.line();
    const [, code = "", statusText = ""] =
      /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(line) ?? [];
    if (code === "") throw new Error("This is not HTTP/1.1");
    const headers = new Headers();
    for (let field = await reader.line(); field; field = await reader.line()) {
      const colon = field.indexOf(":");
      headers.append(field.slice(0, colon), field.slice(colon + 1).trim());
    }
    const status = Number(code);
    if (status >= 200) return { status, statusText, headers };
  }
}

/** How the body of an answer ends (RFC 9112 section 6.3); a number is its length. */
export type Framing = "chunked" | "until close" | number;

export function framingOf(
  method: string,
  { status, headers }: AnswerHead,
): Framing {
  if (method === "HEAD" || status === 204 || status === 304) return 0;
  if (headers.get("transfer-encoding") !== null) return "chunked";
  const length = headers.get("content-length");
  if (length === null) return "until close";
  if (!/^\d+$/.test(length)) throw new Error("This is no length");
  return Number(length);
}

/** The pieces of a body, as they come. Throws if the connection ends before the body does. */
export async function* readBody(
  reader: ByteReader,
  framing: Framing,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (framing === "chunked") {
    for (;;) {
      const size = parseInt(await reader.line(), 16);
      if (Number.isNaN(size)) throw new Error("This is not a chunk");
      if (size > 0) yield* readBody(reader, size);
      const after = await reader.line();
      if (size > 0) continue;
      for (let field = after; field;) field = await reader.line();
      return;
    }
  }
  let left = framing === "until close" ? Infinity : framing;
  while (left > 0) {
    const piece = await reader.take(left);
    if (piece === undefined && left === Infinity) return;
    if (piece === undefined) throw new Error("The backend broke off");
    left -= piece.length;
    yield piece;
  }
}

function chunkOf(piece: Uint8Array): Uint8Array {
  const size = latin1(`${piece.length.toString(16)}\r\n`);
  const chunk = new Uint8Array(size.length + piece.length + 2);
  chunk.set(size);
  chunk.set(piece, size.length);
  chunk.set([13, 10], size.length + piece.length);
  return chunk;
}

/** Header fields are characters below 256, one byte each. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
