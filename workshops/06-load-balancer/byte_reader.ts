/** Reads a connection piece by piece, and knows whether anything is left over. */

const PIECE_BYTES = 16 * 1024;
/** A head that does not end is no head. */
const LINE_BYTES_MAX = 64 * 1024;
const LINE_END = 10;

export class ByteReader {
  readonly #connection: Deno.Conn;
  #rest = new Uint8Array();
  #reading: Promise<boolean> | undefined;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Whether something was received that nobody has taken. */
  get hasRest(): boolean {
    return this.#rest.length > 0;
  }

  /** Waits for more; false at the end. Whoever asks meanwhile waits for the same read. */
  more(): Promise<boolean> {
    this.#reading ??= this.#read().finally(() => this.#reading = undefined);
    return this.#reading;
  }

  /** Up to `most` bytes, as they come; undefined at the end. */
  async take(most = Infinity): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!this.hasRest && !await this.more()) return undefined;
    const piece = this.#rest.slice(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  /** One line without its end. Throws if the connection ends first. */
  async line(): Promise<string> {
    let end = this.#rest.indexOf(LINE_END);
    while (end < 0) {
      if (this.#rest.length > LINE_BYTES_MAX) throw new Error("Endless line");
      if (!await this.more()) throw new Error("The backend broke off");
      end = this.#rest.indexOf(LINE_END);
    }
    const bytes = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(end + 1);
    // Field values are bytes (RFC 9110 section 5.5), and so are the characters of Headers.
    return String.fromCharCode(...bytes).replace(/\r$/, "");
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(PIECE_BYTES);
    const length = await this.#connection.read(buffer);
    if (length === null) return false;
    const whole = new Uint8Array(this.#rest.length + length);
    whole.set(this.#rest);
    whole.set(buffer.subarray(0, length), this.#rest.length);
    this.#rest = whole;
    return true;
  }
}
