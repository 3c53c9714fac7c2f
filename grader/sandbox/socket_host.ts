/**
 * Host name of requests that go through a unix socket: Deno wants a net permission for it as well. The top-level
 * domain never resolves (RFC 6761), so the permission opens nothing else.
 */
export const SOCKET_HOST = "system.invalid";
