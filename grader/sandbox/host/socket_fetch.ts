import { unixClient } from "../unix_client.ts";

/**
 * A `fetch` that takes a path and reaches one service through its unix socket. It follows no redirects. A stream as
 * body is sent as it comes: a proxy need not have the whole of it.
 */
export function socketFetch(
  socket: string,
  name: string,
): (path: string, init?: RequestInit) => Promise<Response> {
  const client = unixClient(socket);
  return async function fetchFromSocket(path, init) {
    if (typeof path !== "string" || !path.startsWith("/")) {
      throw new TypeError(
        `${name}.fetch() takes a path that begins with "/"; it got ${
          JSON.stringify(path)
        }`,
      );
    }
    return await client.fetch(
      new Request(`http://localhost${path}`, init),
      { streamsBody: init?.body instanceof ReadableStream },
    );
  };
}
