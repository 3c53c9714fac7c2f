import { ByteReader } from "./byte_reader.ts";
import {
  encodeRequest,
  type HttpRequest,
  type HttpResponse,
  readResponse,
} from "./http_message.ts";

interface IdleConnection {
  readonly connection: Deno.Conn;
  readonly reader: ByteReader;
}

/**
 * HTTP/1.1 over one unix socket with kept connections, written by hand because a check must know that each request
 * was sent exactly once and as it says: node:http sends again when a kept connection breaks, and fetch resolves a host
 * name that nobody needs, gives GET no body, and unpacks answers.
 */
export class SocketHttp implements Disposable {
  readonly #path: string;
  readonly #open = new Set<Deno.Conn>();
  #idle: IdleConnection[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** Sends the request once and reads the response. Rejects with the connection's error; `signal` closes it. */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { connection, reader } = this.#idle.pop() ?? await this.#connect();
    const close = () => this.#close(connection);
    signal.addEventListener("abort", close, { once: true });
    try {
      signal.throwIfAborted();
      await writeAll(connection, encodeRequest(request));
      const response = await readResponse(reader, request.method);
      if (response.isReusable && this.#open.has(connection)) {
        this.#idle.push({ connection, reader });
      } else close();
      return response;
    } catch (error) {
      close();
      throw error;
    } finally {
      signal.removeEventListener("abort", close);
    }
  }

  /** Closes the kept connections: the process at their other end is gone. */
  reset(): void {
    for (const { connection } of this.#idle) this.#close(connection);
    this.#idle = [];
  }

  [Symbol.dispose](): void {
    this.reset();
    for (const connection of this.#open) this.#close(connection);
  }

  async #connect(): Promise<IdleConnection> {
    const connection = await Deno.connect({
      transport: "unix",
      path: this.#path,
    });
    this.#open.add(connection);
    return { connection, reader: new ByteReader(connection) };
  }

  #close(connection: Deno.Conn): void {
    if (this.#open.delete(connection)) connection.close();
  }
}

async function writeAll(
  connection: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  for (let from = 0; from < bytes.length;) {
    from += await connection.write(bytes.subarray(from));
  }
}
