import { Hono } from "hono";
import type { Context } from "@contract/system.ts";

export default function system({ instance, redis, clock, log }: Context): Hono {
  const app = new Hono();
  app.get("/", (c) => c.json({ instance, at: clock.now(), date: Date.now() }));
  app.get("/count", async (c) => {
    log("counting", { at: new Date() });
    return c.json({ count: await redis.incr("count") });
  });
  return app;
}
