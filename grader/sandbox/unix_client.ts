import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as send,
} from "node:http";
import { Readable } from "node:stream";

/** `fetch` through one unix socket; each request has a connection of its own. */
export interface UnixClient extends Disposable {
  /**
   * Host and port of the URL go into the Host header only. Redirects are given back, not followed. A body is read
   * first and sent with its length, unless `streamsBody` says to send it piece by piece, as it comes.
   */
  fetch(
    request: Request,
    options?: { readonly streamsBody?: boolean },
  ): Promise<Response>;
}

/** Nobody listens, or nobody does any more: nothing of the request was sent. */
export class NotConnected extends Error {
  override readonly name = "NotConnected";
}

/**
 * Opens a client over Node's HTTP. Deno's own `fetch` reaches unix sockets too, but in 2.9.6 it waits for ever
 * when the server is killed with many requests under way, and so does every later one of the process.
 */
export function unixClient(socketPath: string): UnixClient {
  // In Deno 2.9.6 a request whose kept connection breaks is silently sent once more, a POST too: charged twice.
  const agent = new Agent({ keepAlive: false });

  async function fetchFromSocket(
    request: Request,
    { streamsBody = false }: { readonly streamsBody?: boolean } = {},
  ): Promise<Response> {
    const { signal, method, headers } = request;
    // A body of known length goes with its length: not every server likes chunks.
    const body = streamsBody
      ? undefined
      : new Uint8Array(await request.arrayBuffer());
    signal.throwIfAborted();
    const { host, pathname, search } = new URL(request.url);
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const outgoing = send({
      socketPath,
      agent,
      signal,
      method,
      path: `${pathname}${search}`,
      headers: { host, ...Object.fromEntries(headers) },
    });
    outgoing.on(
      "response",
      (incoming) => resolve(responseOf(incoming, method)),
    );
    outgoing.on("error", (error) => {
      reject(signal.aborted ? signal.reason : withCause(error));
    });
    if (body === undefined) sendAsItComes(request.body, outgoing);
    else outgoing.end(body);
    return await promise;
  }

  return {
    fetch: fetchFromSocket,
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** A body that breaks off breaks the request off: half a body must not look like a whole one. */
function sendAsItComes(
  body: Request["body"],
  outgoing: ClientRequest,
): void {
  if (body === null) {
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  const source = Readable.fromWeb(
    body as Parameters<typeof Readable.fromWeb>[0],
  );
  source.on("error", (error) => outgoing.destroy(error));
  outgoing.on("close", () => source.destroy());
  source.pipe(outgoing);
}

/** Statuses that the `Response` constructor takes without a body only. */
const BODILESS = new Set([101, 204, 205, 304]);

function responseOf(incoming: IncomingMessage, method: string): Response {
  const { statusCode: status = 500, statusMessage, rawHeaders } = incoming;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index]!, rawHeaders[index + 1]!);
  }
  const isBodiless = method === "HEAD" || BODILESS.has(status);
  if (isBodiless) incoming.resume();
  const body = isBodiless ? null : Readable.toWeb(incoming) as ReadableStream;
  return new Response(body, { status, statusText: statusMessage, headers });
}

function withCause(error: Error & { syscall?: string }): Error {
  return error.syscall === "connect"
    ? new NotConnected(error.message, { cause: error })
    : error;
}
