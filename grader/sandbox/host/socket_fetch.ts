import { SOCKET_HOST } from "../socket_host.ts";

// Taken before `system.ts` is loaded: the learner's own `fetch` refuses.
const fetch = globalThis.fetch;

/** A `fetch` that takes a path and reaches one service through its unix socket. */
export function socketFetch(
  socket: string,
  name: string,
): (path: string, init?: RequestInit) => Promise<Response> {
  const client = Deno.createHttpClient({
    proxy: { transport: "unix", path: socket },
  });
  return async function fetchFromSocket(path, init) {
    if (typeof path !== "string" || !path.startsWith("/")) {
      throw new TypeError(
        `${name}.fetch() takes a path that begins with "/"; it got ${
          JSON.stringify(path)
        }`,
      );
    }
    return await fetch(`http://${SOCKET_HOST}${path}`, { ...init, client });
  };
}
