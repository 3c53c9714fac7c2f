/** Cuts one direction of an HTTP/1.1 connection into heads and bodies. */
export class HttpFrames {
  #state: HttpBody | "head" | "chunk size" | "trailer" = "head";
  #line: number[] = [];
  #lines: string[] = [];
  /** Of a chunk with its line end. */
  #chunkLeft = 0;

  /** From now on the bytes are another protocol's (WebSocket). */
  becomeTunnel(): void {
    this.#state = "tunnel";
  }

  /** What ends in `chunk`: each head, and the end or a piece of each body. `bodyOf` decides on the body. */
  read(chunk: Uint8Array, bodyOf: (head: HttpHead) => HttpBody): HttpEvent[] {
    const events: HttpEvent[] = [];
    let at = 0;
    while (at < chunk.length) {
      const state = this.#state;
      if (state === "tunnel" || state === "until close") {
        at = chunk.length;
        events.push({ end: at, isLast: false });
      } else if (typeof state === "number") {
        at = this.#passBody(state, chunk, at, events);
      } else if (state === "chunked" && this.#chunkLeft > 0) {
        const passed = Math.min(this.#chunkLeft, chunk.length - at);
        this.#chunkLeft -= passed;
        at += passed;
        events.push({ end: at, isLast: false });
      } else {
        at = this.#readLine(chunk, at, bodyOf, events);
      }
    }
    return events;
  }

  #passBody(
    left: number,
    chunk: Uint8Array,
    from: number,
    events: HttpEvent[],
  ): number {
    const passed = Math.min(left, chunk.length - from);
    const isLast = passed === left;
    this.#state = isLast ? "head" : left - passed;
    events.push({ end: from + passed, isLast });
    return from + passed;
  }

  #readLine(
    chunk: Uint8Array,
    from: number,
    bodyOf: (head: HttpHead) => HttpBody,
    events: HttpEvent[],
  ): number {
    const newline = chunk.indexOf(NEWLINE, from);
    const end = newline === -1 ? chunk.length : newline + 1;
    for (let at = from; at < end && this.#line.length < LINE_BYTES_MAX; at++) {
      this.#line.push(chunk[at]!);
    }
    if (newline === -1) return end;
    const line = decoder.decode(new Uint8Array(this.#line)).trimEnd();
    this.#line = [];
    if (this.#state === "head") this.#headLine(line, end, bodyOf, events);
    else this.#chunkLine(line, end, events);
    return end;
  }

  #headLine(
    line: string,
    end: number,
    bodyOf: (head: HttpHead) => HttpBody,
    events: HttpEvent[],
  ): void {
    if (line !== "") {
      this.#lines.push(line);
      return;
    }
    if (this.#lines.length === 0) return;
    const head = parsedHead(this.#lines);
    this.#lines = [];
    const body = bodyOf(head);
    const isLast = body === 0 || body === "tunnel";
    this.#state = body === 0 ? "head" : body;
    events.push({ end, head, isLast });
  }

  /** A size line, the line end of a chunk's data was counted with the data; or a trailer line. */
  #chunkLine(line: string, end: number, events: HttpEvent[]): void {
    if (this.#state === "trailer") {
      const isLast = line === "";
      if (isLast) this.#state = "head";
      events.push({ end, isLast });
      return;
    }
    const size = parseInt(line, 16) || 0;
    if (size === 0) this.#state = "trailer";
    else this.#chunkLeft = size + CRLF_BYTES;
    events.push({ end, isLast: false });
  }
}

export interface HttpHead {
  /** Request line or status line. */
  readonly start: string;
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
