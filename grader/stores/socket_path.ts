/** `sockaddr_un.sun_path` of Linux is 108 bytes with its end; macOS has 104. */
const SOCKET_PATH_BYTES_MAX = Deno.build.os === "linux" ? 107 : 103;

/** Throws when no unix socket can have this path. */
export function checkSocketPath(path: string): void {
  const bytes = new TextEncoder().encode(path).length;
  if (bytes <= SOCKET_PATH_BYTES_MAX) return;
  throw new RangeError(
    `A unix socket's path has at most ${SOCKET_PATH_BYTES_MAX} bytes; ${path} has ${bytes}. ` +
      `Set TMPDIR to a shorter folder`,
  );
}
