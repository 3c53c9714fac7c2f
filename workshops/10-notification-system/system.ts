import { Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import { accept } from "./accept.ts";
import { acceptBroadcast, getBroadcast } from "./broadcast.ts";
import { applyCallback } from "./callbacks.ts";
import { openDelivery } from "./deliver.ts";
import {
  parseBroadcast,
  parseCallback,
  parseNotification,
  parsePreferences,
  parseTemplate,
  readJson,
} from "./parse.ts";
import { putPreferences } from "./preferences.ts";
import { notFound, ProblemError } from "./problem.ts";
import { openQueue } from "./queue.ts";
import { createTables } from "./schema.ts";
import { startSender } from "./sender.ts";
import { isSigned } from "./signature.ts";
import { getTemplate, putTemplate } from "./templates.ts";
import { getDeadLetters, getNotification } from "./timeline.ts";

/**
 * Called once per instance; your notification system is what it returns. The routes are here, the parts are to be
 * built: begin with templates.ts and follow the first failing check.
 */
export default async function notifications(
  context: Context,
): Promise<System> {
  const { sql, config, clock, log } = context;
  await createTables(sql);
  const queue = openQueue(sql, Number(config.leaseMs));
  const deliver = openDelivery(context, queue);
  const sender = startSender(context, { queue, deliver });
  const app = new Hono();

  app.put("/templates/:name/:locale", async (call) => {
    const { name, locale } = call.req.param();
    const content = parseTemplate(
      { name, locale },
      await readJson(call.req.raw),
    );
    const version = await putTemplate(sql, { name, locale, content });
    const status = version === 1 ? 201 : 200;
    return call.json({ name, locale, version, content }, status);
  });

  app.get("/templates/:name/:locale", async (call) => {
    const { name, locale } = call.req.param();
    const template = await getTemplate(sql, name, locale);
    if (template === undefined) throw notFound("template of this name");
    return call.json(template);
  });

  app.post("/notifications", async (call) => {
    const order = parseNotification(await readJson(call.req.raw));
    const id = await accept(sql, order);
    sender.wake();
    return call.json({ id }, 202);
  });

  app.get("/notifications/:id", async (call) => {
    const notification = await getNotification(sql, call.req.param("id"));
    if (notification === undefined) throw notFound("notification of this id");
    return call.json(notification);
  });

  app.get(
    "/dead-letters",
    async (call) => call.json(await getDeadLetters(sql)),
  );

  app.put("/users/:id/preferences", async (call) => {
    const preferences = parsePreferences(await readJson(call.req.raw));
    await putPreferences(sql, call.req.param("id"), preferences);
    return call.json(preferences);
  });

  app.post("/broadcasts", async (call) => {
    const order = parseBroadcast(await readJson(call.req.raw));
    const broadcast = await acceptBroadcast(sql, order);
    sender.wake();
    return call.json(broadcast, 202);
  });

  app.get("/broadcasts/:id", async (call) => {
    const broadcast = await getBroadcast(sql, call.req.param("id"));
    if (broadcast === undefined) throw notFound("broadcast of this id");
    return call.json(broadcast);
  });

  app.post("/callbacks/:provider", async (call) => {
    const body = await call.req.text();
    const secret = String(config.webhookSecret);
    const { headers } = call.req.raw;
    if (!await isSigned({ headers, body }, { secret, nowMs: clock.now() })) {
      throw new ProblemError(
        401,
        "invalid_signature",
        "Not signed with our secret, or too long ago",
      );
    }
    await applyCallback(sql, call.req.param("provider"), parseCallback(body));
    return call.body(null, 204);
  });

  app.notFound(() => notFound("such path").toResponse());
  app.onError((error) => {
    if (error instanceof ProblemError) return error.toResponse();
    log("request failed", { error });
    return new ProblemError(500, "internal", "Something broke on our side")
      .toResponse();
  });
  return { fetch: app.fetch, stop: () => sender.stopped() };
}
