/**
 * Cuts one direction of a Postgres connection into messages: a type byte, an int32 length that counts itself,
 * then the body. Only the beginning of a body is kept, and copied only when it arrives in pieces.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class PostgresFrames {
  readonly #captureBytes: number;
  /** The start-up message has no type byte. */
  #isUntyped: boolean;
  /** What is kept of a frame that is not complete. */
  #kept = new Uint8Array(0);
  /** Bytes of that frame seen so far. */
  #seen = 0;
  #size = 0;

  constructor(options: { captureBytes: number; isUntyped?: boolean }) {
    this.#captureBytes = options.captureBytes;
    this.#isUntyped = options.isUntyped ?? false;
  }

  /** The next message that ends in `chunk` at or after `from`; undefined when none does. */
  next(chunk: Uint8Array, from: number): Frame | undefined {
    if (from >= chunk.length) return undefined;
    if (this.#seen === 0 && chunk.length - from >= this.#headBytes) {
      // The usual case: no copy when the whole frame lies in this chunk.
      const size = this.#sizeOf(chunk, from);
      if (from + size <= chunk.length) {
        return this.#frame(chunk.subarray(from, from + size), from + size);
      }
    }
    return this.#nextInPieces(chunk, from);
  }

  /** The next message has no type byte either (after an answered SSLRequest). */
  expectUntyped(): void {
    this.#isUntyped = true;
  }

  #nextInPieces(chunk: Uint8Array, from: number): Frame | undefined {
    let at = from;
    if (this.#seen < this.#headBytes) {
      at = this.#keep(chunk, at, this.#headBytes);
      if (this.#seen < this.#headBytes) return undefined;
      this.#size = this.#sizeOf(this.#kept, 0);
    }
    at = this.#keep(chunk, at, this.#size);
    if (this.#seen < this.#size) return undefined;
    const bytes = this.#kept;
    this.#kept = new Uint8Array(0);
    this.#seen = 0;
    return this.#frame(bytes, at);
  }

  /** Takes bytes until `goal` of the frame were seen; gives the offset behind them. */
  #keep(chunk: Uint8Array, from: number, goal: number): number {
    const end = Math.min(chunk.length, from + goal - this.#seen);
    const room = this.#captureBytes - this.#kept.length;
    if (room > 0) {
      const bytes = chunk.subarray(from, Math.min(end, from + room));
      const kept = new Uint8Array(this.#kept.length + bytes.length);
      kept.set(this.#kept);
      kept.set(bytes, this.#kept.length);
      this.#kept = kept;
    }
    this.#seen += end - from;
    return end;
  }

  #frame(bytes: Uint8Array, end: number): Frame {
    const type = this.#isUntyped ? "" : String.fromCharCode(bytes[0]!);
    const head = this.#headBytes;
    this.#isUntyped = false;
    const body = bytes.subarray(
      head,
      Math.min(bytes.length, this.#captureBytes),
    );
    return { type, body, end };
  }

  get #headBytes(): number {
    return this.#isUntyped ? 4 : 5;
  }

  #sizeOf(bytes: Uint8Array, from: number): number {
    const typeBytes = this.#isUntyped ? 0 : 1;
    const view = new DataView(
      bytes.buffer,
      bytes.byteOffset + from + typeBytes,
    );
    return typeBytes + Math.max(4, view.getInt32(0));
  }
}

export interface Frame {
  /** "Q", "P", …; empty for a start-up message. */
  readonly type: string;
  /** The beginning of the body. Valid until the next read. */
  readonly body: Uint8Array;
  /** Offset behind the message. */
  readonly end: number;
}

/** Reads fields of a body; past its kept end everything is empty or 0. */
export class BodyReader {
  #at = 0;

  constructor(readonly body: Uint8Array) {}

  /** A text that ends with a zero byte. */
  text(): string {
    const zero = this.body.indexOf(0, this.#at);
    const end = zero === -1 ? this.body.length : zero;
    const text = decoder.decode(this.body.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  byte(): number {
    return this.body[this.#at++] ?? 0;
  }

  int16(): number {
    return (this.byte() << 8) | this.byte();
  }

  int32(): number {
    return (this.int16() << 16) | this.int16();
  }

  /** A value with its length before it; null is null. */
  value(): Uint8Array | null {
    const length = this.int32();
    if (length < 0) return null;
    const bytes = this.body.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }
}

const decoder = new TextDecoder();
