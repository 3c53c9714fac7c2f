import type { ByteReader } from "./byte_reader.ts";

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body?: string | Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Another request may follow on the same connection. */
  readonly isReusable: boolean;
}

/** The bytes of a request (RFC 9112 section 3); what the check set goes as it is. */
export function encodeRequest(request: HttpRequest): Uint8Array {
  const { method, path, headers, body = "" } = request;
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const target = path.replace(/[^\x21-\x7e]/gu, encodeURIComponent);
  const fields = new Headers({ host: "system", accept: "*/*" });
  for (const [name, value] of headers) fields.set(name, value);
  if (request.body !== undefined) {
    fields.set("content-length", String(bytes.length));
  }
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...[...fields].map(([name, value]) => `${name}: ${value}`),
  ].join("\r\n");
  const start = encoder.encode(`${head}\r\n\r\n`);
  const message = new Uint8Array(start.length + bytes.length);
  message.set(start);
  message.set(bytes, start.length);
  return message;
}

/** Reads one response to its end. Rejects when it breaks off or is no HTTP. */
export async function readResponse(
  reader: ByteReader,
  method: string,
): Promise<HttpResponse> {
  const { status, headers } = await readFinalHead(reader);
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  const body = isEmpty
    ? { bytes: new Uint8Array(), isToEnd: false }
    : await readBody(reader, headers);
  return {
    status,
    headers,
    bytes: new Uint8Array(body.bytes),
    isReusable: !body.isToEnd && headers.get("connection") !== "close",
  };
}

/** Interim answers (103 and the like) come before the real one. */
async function readFinalHead(reader: ByteReader) {
  for (;;) {
    const start = await reader.line();
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(start)?.[1]);
    if (!status) throw new Error(`Not an HTTP response: ${start}`);
    const headers = await readFields(reader);
    if (status >= 200 || status === 101) return { status, headers };
  }
}

async function readFields(reader: ByteReader): Promise<Headers> {
  const headers = new Headers();
  for (let line = await reader.line(); line; line = await reader.line()) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}

/** RFC 9112 section 6.3. */
async function readBody(reader: ByteReader, headers: Headers) {
  if (headers.get("transfer-encoding")?.toLowerCase().includes("chunked")) {
    return { bytes: await readChunks(reader), isToEnd: false };
  }
  const length = headers.get("content-length");
  return length === null
    ? { bytes: await reader.toEnd(), isToEnd: true }
    : { bytes: await reader.exactly(Number(length)), isToEnd: false };
}

async function readChunks(reader: ByteReader): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const size = parseInt(await reader.line(), 16);
    if (Number.isNaN(size)) throw new Error("A chunk has no size");
    if (size === 0) break;
    chunks.push(await reader.exactly(size));
    await reader.line();
  }
  await readFields(reader); // Trailers.
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

const encoder = new TextEncoder();
