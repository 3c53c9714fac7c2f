const READ_BYTES = 64 * 1024;

/** Reads a connection by lines, by length, or to its end. */
export class ByteReader {
  readonly #connection: Deno.Conn;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #kept: Uint8Array = new Uint8Array();

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Up to and without the next CRLF. Rejects when the connection ends before. */
  async line(): Promise<string> {
    const text = latin1.decode(await this.rawLine());
    return text.replace(/\r?\n$/, "");
  }

  /** Up to the next line feed, which is part of it. Rejects when the connection ends before. */
  async rawLine(): Promise<Uint8Array> {
    for (let from = 0;;) {
      const end = this.#kept.indexOf(NEWLINE, from);
      if (end !== -1) return this.#take(end + 1);
      from = this.#kept.length;
      if (!await this.#more()) throw new Deno.errors.UnexpectedEof();
    }
  }

  async exactly(length: number): Promise<Uint8Array> {
    while (this.#kept.length < length) {
      if (!await this.#more()) throw new Deno.errors.UnexpectedEof();
    }
    return this.#take(length);
  }

  async toEnd(): Promise<Uint8Array> {
    while (await this.#more());
    return this.#take(this.#kept.length);
  }

  async #more(): Promise<boolean> {
    const length = await this.#connection.read(this.#buffer);
    if (length === null) return false;
    const joined = new Uint8Array(this.#kept.length + length);
    joined.set(this.#kept);
    joined.set(this.#buffer.subarray(0, length), this.#kept.length);
    this.#kept = joined;
    return true;
  }

  #take(length: number): Uint8Array {
    const taken = this.#kept.subarray(0, length);
    this.#kept = this.#kept.subarray(length);
    return taken;
  }
}

const NEWLINE = 10;
/** Header fields are bytes (RFC 9110 section 5.5). */
const latin1 = new TextDecoder("latin1");
