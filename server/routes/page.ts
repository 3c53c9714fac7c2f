import { join } from "node:path";
import { Hono, type MiddlewareHandler } from "hono";
import { serveStatic } from "hono/serve-static";

/** The built dashboard. Every path without a file's ending is the page itself, which finds its own way. */
export function pageRoutes(pageDir: string) {
  const routes = new Hono();
  routes.get(
    "/assets/*",
    files(pageDir, "public, max-age=31536000, immutable"),
  );
  routes.get("*", files(pageDir, "no-cache"));
  routes.get("*", async (context, next) => {
    if (/\.\w+$/.test(context.req.path)) return await next();
    return await files(pageDir, "no-cache", "index.html")(context, next);
  });
  return routes;
}

/** Names below /assets carry a hash of their content; everything else is asked for each time. */
function files(
  root: string,
  cacheControl: string,
  path?: string,
): MiddlewareHandler {
  return serveStatic({
    root,
    path,
    join,
    isDir: async (file) => (await statOf(file))?.isDirectory,
    getContent: (file) => readOrNull(file),
    onFound: (_file, context) => context.header("cache-control", cacheControl),
  });
}

async function statOf(file: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(file);
  } catch {
    return undefined; // Not there, or not for us: either way there is nothing to serve.
  }
}

async function readOrNull(
  file: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return (await statOf(file))?.isFile ? await Deno.readFile(file) : null;
}
