import type { OpenRequest } from "./types.ts";

export interface OpenRequestOptions {
  readonly socketPath: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body comes in pieces; without, the request ends with its head. */
  readonly hasBody: boolean;
}

/** Sends the head of a request; its body follows in pieces, and the answer is seen as it comes (RFC 9112 section 7.1). */
export async function openRequest(
  options: OpenRequestOptions,
): Promise<OpenRequest> {
  const { socketPath, method, path, headers, hasBody } = options;
  const connection = await Deno.connect({
    transport: "unix",
    path: socketPath,
  });
  const fields = {
    host: "system",
    connection: "close",
    ...(hasBody ? { "transfer-encoding": "chunked" } : {}),
    ...headers,
  };
  const head = [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
  ];
  const open = new SocketRequest(connection);
  await open.send(`${head.join("\r\n")}\r\n\r\n`);
  return open;
}

class SocketRequest implements OpenRequest {
  received = "";
  readonly ended: Promise<void>;
  readonly #connection: Deno.Conn;
  #isClosed = false;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
    this.ended = this.#receive();
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.received)?.[1] ?? 0);
  }

  async write(text: string): Promise<void> {
    const bytes = encoder.encode(text).length;
    await this.send(`${bytes.toString(16)}\r\n${text}\r\n`);
  }

  async end(): Promise<void> {
    await this.send("0\r\n\r\n");
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async send(text: string): Promise<void> {
    const bytes = encoder.encode(text);
    for (let from = 0; from < bytes.length;) {
      from += await this.#connection.write(bytes.subarray(from));
    }
  }

  async #receive(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const length = await this.#connection.read(buffer);
        if (length === null) break;
        this.received += decoder.decode(buffer.subarray(0, length), {
          stream: true,
        });
      }
    } catch {
      // Hung up by us, or the instance is gone: no more of the answer will come.
    }
    this.close();
  }
}

const encoder = new TextEncoder();
const READ_BYTES = 65_536;
