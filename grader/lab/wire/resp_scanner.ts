/**
 * Walks RESP2 and RESP3 values as they arrive in pieces, without keeping them.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export class RespScanner {
  readonly #listener: RespListener;
  readonly #captureBytes: number;
  readonly #open: Aggregate[] = [];
  #line = new ByteTail();
  #bulk: Bulk | undefined;

  /** Of each string at most `captureBytes` are decoded: values may be megabytes. */
  constructor(listener: RespListener, captureBytes: number) {
    this.#listener = listener;
    this.#captureBytes = captureBytes;
  }

  /** Whether a value has begun and not ended. */
  get isInside(): boolean {
    return this.#open.length > 0 || this.#bulk !== undefined ||
      this.#line.length > 0;
  }

  /** Offset behind the first value that ends in `chunk` at or after `from`; -1 when none does. */
  next(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      if (this.#bulk) {
        at = this.#takeBulk(this.#bulk, chunk, at);
        if (this.#bulk) return -1;
      } else {
        const newline = chunk.indexOf(NEWLINE, at);
        if (newline === -1) {
          this.#line.add(chunk.subarray(at));
          return -1;
        }
        const line = this.#line.take(chunk.subarray(at, newline));
        at = newline + 1;
        this.#header(line);
      }
      if (this.#justEnded) return at;
    }
    return -1;
  }

  #justEnded = false;

  #header(line: Uint8Array): void {
    this.#justEnded = false;
    const type = String.fromCharCode(line[0] ?? 0);
    const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
    const rest = decode(line.subarray(1, Math.min(end, this.#captureBytes)));
    if (STRINGS.has(type)) {
      const length = Number(rest);
      if (length < 0) return this.#leaf("_", "", 0);
      this.#bulk = new Bulk(type, length, this.#captureBytes);
    } else if (AGGREGATES.has(type)) {
      const count = Number(rest) * (PAIRED.has(type) ? 2 : 1);
      if (count < 0) return this.#leaf("_", "", 0);
      this.#listener.open(type, count, this.#open.length);
      this.#open.push({ left: count, isAttribute: type === "|" });
      if (count === 0) this.#close();
    } else if (SIMPLE.has(type)) {
      this.#leaf(type, rest, rest.length);
    } else {
      // An inline command ("PING"): telnet's way, still part of the protocol.
      this.#leaf("inline", decode(line.subarray(0, end)), end);
    }
  }

  #takeBulk(bulk: Bulk, chunk: Uint8Array, from: number): number {
    const at = bulk.take(chunk, from);
    this.#justEnded = false;
    if (bulk.left === 0) {
      this.#bulk = undefined;
      this.#leaf(bulk.type, bulk.text(), bulk.length);
    }
    return at;
  }

  #leaf(type: string, text: string, length: number): void {
    this.#listener.leaf(type, text, length, this.#open.length);
    this.#ended();
  }

  #ended(): void {
    const parent = this.#open.at(-1);
    if (!parent) {
      this.#justEnded = true;
      return;
    }
    parent.left -= 1;
    if (parent.left === 0) this.#close();
  }

  #close(): void {
    const closed = this.#open.pop()!;
    this.#listener.close(this.#open.length);
    // An attribute goes before a value and is none itself.
    if (!closed.isAttribute) this.#ended();
  }
}

/** What is told while walking. `depth` is 0 for a top-level value. */
export interface RespListener {
  /** `length` is the string's full length in bytes; `text` may be its beginning only. */
  leaf(type: string, text: string, length: number, depth: number): void;
  open(type: string, count: number, depth: number): void;
  close(depth: number): void;
}

interface Aggregate {
  left: number;
  readonly isAttribute: boolean;
}

/** A string whose bytes are passing. */
class Bulk {
  left: number;
  readonly #kept: Uint8Array;
  #keptLength = 0;

  constructor(readonly type: string, readonly length: number, keep: number) {
    this.left = length + CRLF_BYTES;
    this.#kept = new Uint8Array(Math.min(length, keep));
  }

  take(chunk: Uint8Array, from: number): number {
    const end = Math.min(chunk.length, from + this.left);
    const room = this.#kept.length - this.#keptLength;
    if (room > 0) {
      const bytes = chunk.subarray(from, Math.min(end, from + room));
      this.#kept.set(bytes, this.#keptLength);
      this.#keptLength += bytes.length;
    }
    this.left -= end - from;
    return end;
  }

  text(): string {
    return decode(this.#kept);
  }
}

/** The beginning of a line whose end has not arrived. */
class ByteTail {
  #bytes = new Uint8Array(0);

  get length(): number {
    return this.#bytes.length;
  }

  add(bytes: Uint8Array): void {
    this.#bytes = this.#joined(bytes);
  }

  take(bytes: Uint8Array): Uint8Array {
    if (this.#bytes.length === 0) return bytes;
    const line = this.#joined(bytes);
    this.#bytes = new Uint8Array(0);
    return line;
  }

  #joined(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    return joined;
  }
}

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const decoder = new TextDecoder();
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const CRLF_BYTES = 2;
const STRINGS = new Set(["$", "!", "="]);
const SIMPLE = new Set(["+", "-", ":", "_", ",", "#", "("]);
const AGGREGATES = new Set(["*", "~", ">", "%", "|"]);
const PAIRED = new Set(["%", "|"]);
