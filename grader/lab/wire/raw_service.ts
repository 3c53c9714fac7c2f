/** A scripted byte stream service (layer 4). It listens from its first handler on. */
export class RawService {
  readonly #connections = new Set<Deno.Conn>();
  #handler: ((connection: Deno.Conn) => void | Promise<void>) | undefined;
  #listener: Deno.Listener | undefined;
  #accepting: Promise<void> | undefined;

  constructor(readonly path: string) {}

  get isServing(): boolean {
    return this.#listener !== undefined;
  }

  /** Gives each connection from now on to `handler`, which owns it until it resolves; its errors end the connection. */
  serve(handler: (connection: Deno.Conn) => void | Promise<void>): void {
    this.#handler = handler;
    if (this.#listener) return;
    this.#listener = Deno.listen({ transport: "unix", path: this.path });
    this.#accepting = this.#accept(this.#listener);
  }

  async close(): Promise<void> {
    this.#listener?.close();
    for (const connection of this.#connections) closeQuietly(connection);
    await this.#accepting;
  }

  async #accept(listener: Deno.Listener): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const connection of listener) {
      const run = this.#own(connection).finally(() => running.delete(run));
      running.add(run);
    }
    await Promise.all(running);
  }

  async #own(connection: Deno.Conn): Promise<void> {
    this.#connections.add(connection);
    try {
      await this.#handler?.(connection);
    } catch {
      // Broken off by the other end or by `close`: over either way.
    } finally {
      this.#connections.delete(connection);
      closeQuietly(connection);
    }
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The handler has closed it.
  }
}
