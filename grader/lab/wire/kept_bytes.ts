/** Copies of bytes that must not be passed on yet: the read buffer is used again. */
export class KeptBytes {
  readonly #pass: (bytes: Uint8Array) => Promise<void>;
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** Two may flush at once (a reader and a gate); the bytes stay in order. */
  #turn: Promise<void> = Promise.resolve();

  constructor(pass: (bytes: Uint8Array) => Promise<void>) {
    this.#pass = pass;
  }

  get isHolding(): boolean {
    return this.#length > 0;
  }

  async add(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes.slice());
    this.#length += bytes.length;
    // A store does nothing about half a message, so its beginning may go ahead when it is very large.
    if (this.#length > KEPT_BYTES_MAX) await this.flush();
  }

  /** Passes on what is kept, and then `bytes`. */
  async flush(bytes?: Uint8Array): Promise<void> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    try {
      const pieces = this.#pieces;
      this.#pieces = [];
      this.#length = 0;
      for (const piece of pieces) await this.#pass(piece);
      if (bytes && bytes.length > 0) await this.#pass(bytes);
    } finally {
      resolve();
    }
  }
}

const KEPT_BYTES_MAX = 16 * 1024 * 1024;
