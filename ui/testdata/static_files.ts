/** Serves the built page under the same strict policy as the real server. */
import { contentType } from "./content_type.ts";

const POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'";

/** Every address that is no file is a page of the dashboard. */
export async function serveStatic(
  dir: URL,
  request: Request,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const name = /\.\w+$/.test(pathname) ? pathname.slice(1) : "index.html";
  try {
    return new Response(await Deno.readFile(new URL(name, dir)), {
      headers: {
        "content-type": contentType(name),
        "content-security-policy": POLICY,
      },
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new Response("Not found", { status: 404 });
  }
}
