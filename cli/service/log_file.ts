/** Beyond this a log begins anew; what it held is kept as `.old`, as that of the last start is. */
export const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** Keeps what a service says. Never throws: a disk that is full costs lines of a log, not the service. */
export class LogFile {
  readonly #path: string;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#putAside();
  }

  write(text: string): void {
    if (this.#bytes > LOG_BYTES_MAX) this.#putAside();
    const bytes = new TextEncoder().encode(text);
    const append = this.#bytes > 0;
    this.#bytes += bytes.length;
    try {
      using file = Deno.openSync(this.#path, {
        ...(append ? { append } : { write: true, truncate: true }),
        create: true,
        mode: 0o600,
      });
      file.writeSync(bytes);
    } catch {
      // No log could say it; there may be room for the next line.
    }
  }

  #putAside(): void {
    this.#bytes = 0;
    try {
      Deno.renameSync(this.#path, `${this.#path}.old`);
    } catch {
      // The first start has none; any other is written over.
    }
  }
}
