/** Cuts one direction of an HTTP/1.1 connection into heads and bodies (RFC 9112). */
export class HttpFrames {
  readonly #bodyOf: (head: HttpHead) => HttpBody;
  #state: HttpBody | "head" | "trailer" = "head";
  #line: number[] = [];
  #lines: string[] = [];
  /** Of a chunk with its line end. */
  #chunkLeft = 0;

  /** `bodyOf` is asked at each head, when everything before it was read. */
  constructor(bodyOf: (head: HttpHead) => HttpBody) {
    this.#bodyOf = bodyOf;
  }

  /** From now on the bytes are another protocol's (WebSocket). */
  becomeTunnel(): void {
    this.#state = "tunnel";
  }

  /** The next head, piece of a body or end in `chunk` at or after `from`; undefined when there is none. */
  next(chunk: Uint8Array, from: number): HttpEvent | undefined {
    let at = from;
    while (at < chunk.length) {
      const state = this.#state;
      if (state === "tunnel" || state === "until close") {
        return { end: chunk.length, isLast: false };
      }
      if (typeof state === "number") return this.#bodyPiece(state, chunk, at);
      if (state === "chunked" && this.#chunkLeft > 0) {
        const passed = Math.min(this.#chunkLeft, chunk.length - at);
        this.#chunkLeft -= passed;
        return { end: at + passed, isLast: false };
      }
      const line = this.#readLine(chunk, at);
      at = line.end;
      const event = line.text === undefined
        ? undefined
        : this.#lineEvent(line.text, at);
      if (event) return event;
    }
    return undefined;
  }

  #bodyPiece(left: number, chunk: Uint8Array, from: number): HttpEvent {
    const passed = Math.min(left, chunk.length - from);
    const isLast = passed === left;
    this.#state = isLast ? "head" : left - passed;
    return { end: from + passed, isLast };
  }

  /** The line that ends in `chunk`, without its end; no text when it does not. */
  #readLine(chunk: Uint8Array, from: number): { text?: string; end: number } {
    const newline = chunk.indexOf(NEWLINE, from);
    const end = newline === -1 ? chunk.length : newline + 1;
    for (let at = from; at < end && this.#line.length < LINE_BYTES_MAX; at++) {
      this.#line.push(chunk[at]!);
    }
    if (newline === -1) return { end };
    const text = decoder.decode(new Uint8Array(this.#line)).trimEnd();
    this.#line = [];
    return { text, end };
  }

  #lineEvent(line: string, end: number): HttpEvent | undefined {
    switch (this.#state) {
      case "head":
        return this.#headLine(line, end);
      case "trailer":
        if (line === "") this.#state = "head";
        return { end, isLast: line === "" };
      default:
        return this.#chunkSize(line, end);
    }
  }

  #headLine(line: string, end: number): HttpEvent | undefined {
    if (line !== "") {
      this.#lines.push(line);
      return undefined;
    }
    if (this.#lines.length === 0) return undefined;
    const head = parsedHead(this.#lines);
    this.#lines = [];
    const body = this.#bodyOf(head);
    this.#state = body === 0 ? "head" : body;
    return { end, head, isLast: body === 0 || body === "tunnel" };
  }

  #chunkSize(line: string, end: number): HttpEvent {
    const size = parseInt(line, 16) || 0;
    if (size === 0) this.#state = "trailer";
    else this.#chunkLeft = size + CRLF_BYTES;
    return { end, isLast: false };
  }
}

export interface HttpHead {
  /** Request line or status line. */
  readonly start: string;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Bytes of the body, or how its end is found. */
export type HttpBody = number | "chunked" | "until close" | "tunnel";

export interface HttpEvent {
  /** Offset behind what ended. */
  readonly end: number;
  readonly head?: HttpHead;
  /** The message is complete with this. */
  readonly isLast: boolean;
}

function parsedHead([start = "", ...lines]: readonly string[]): HttpHead {
  const fields = new Map(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  return { start, fields };
}

const decoder = new TextDecoder();
const NEWLINE = 10;
const CRLF_BYTES = 2;
const LINE_BYTES_MAX = 65_536;
