import { Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import { linkCache } from "./cache.ts";
import { openClicks } from "./clicks.ts";
import { codeMaker, createSequence } from "./codes.ts";
import { createLink } from "./create_link.ts";
import { parseLinkRequest } from "./link.ts";
import { openLinkStore } from "./links.ts";
import { problem, ProblemError } from "./problem.ts";
import { takeFromQuota } from "./quota.ts";
import { redirectTo } from "./redirect.ts";
import { visitLink } from "./visit_link.ts";

/** What may be a code or an alias; any other path never reaches a store. */
const CODE = ":code{[0-9A-Za-z_-]{1,32}}";

export default async function urlShortener(context: Context): Promise<System> {
  const { config, clock, sql, log } = context;
  const baseUrl = String(config.baseUrl);
  await createSequence(sql);
  const links = await openLinkStore(context);
  const clicks = await openClicks(context);
  const cache = linkCache(context);
  const nextCode = codeMaker(sql, Number(config.codeLength));
  const app = new Hono();

  app.post("/links", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    if (body?.constructor !== Object) {
      return problem(400, "malformed_body", "The body must be a JSON object");
    }
    const request = parseLinkRequest(body, { baseUrl, nowMs: clock.now() });
    const user = call.req.header("x-user") ?? "anonymous";
    const standing = await takeFromQuota(context, user);
    Object.entries(standing).forEach(([name, value]) =>
      call.header(name, value)
    );
    const { code } = await createLink({ links, cache, nextCode }, request);
    const shortUrl = `${baseUrl}/${code}`;
    return call.json({ code, shortUrl }, 201, { location: shortUrl });
  });

  app.get(`/links/${CODE}/stats`, async (call) => {
    const code = call.req.param("code");
    if ((await links.find(code)).status === "unknown") return notFound(code);
    return call.json(await clicks.stats(code));
  });

  app.delete(`/links/${CODE}`, async (call) => {
    const code = call.req.param("code");
    if (!await links.remove(code)) return notFound(code);
    await cache.replace(code, { status: "gone" });
    return call.body(null, 204);
  });

  app.get(`/${CODE}`, async (call) => {
    const code = call.req.param("code");
    const lookup = await visitLink({ links, cache }, {
      code,
      isClick: call.req.method === "GET",
      visitor: call.req.header("x-visitor") ?? "",
    });
    switch (lookup.status) {
      case "live":
        return redirectTo(lookup.link, {
          nowMs: clock.now(),
          maxAgeSec: Number(config.permanentMaxAgeSec),
        });
      case "gone":
        return problem(410, "gone", `${code} has expired or was deleted`);
      case "unknown":
        return notFound(code);
    }
  });

  app.notFound(() => notFound("This path"));
  app.onError((error, call) => {
    // newResponse keeps the RateLimit headers that the route has set before it threw.
    if (error instanceof ProblemError) {
      const answer = error.toResponse();
      return call.newResponse(answer.body, answer);
    }
    log("request failed", { error });
    return problem(500, "internal", "Something broke on our side");
  });
  return { fetch: app.fetch };
}

function notFound(what: string): Response {
  return problem(404, "not_found", `${what} is not known here`);
}
