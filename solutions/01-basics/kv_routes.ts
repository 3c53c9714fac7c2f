import type { Hono } from "hono";
import { invalid, parseKey, parseKeys, parseValue } from "./entry.ts";
import type { Kv } from "./kv.ts";
import { placementOf } from "./placement.ts";
import { notFound, problem } from "./problem.ts";

/** The routes of the key-value service. */
export function kvRoutes(app: Hono, kv: Kv): void {
  app.get("/kv/:key", async (call) => {
    const entry = await kv.get(parseKey(call.req.param("key")));
    if (entry === undefined) return notFound();
    const { value, version } = entry;
    return call.json({ value, version }, 200, { etag: `"${version}"` });
  });

  app.put("/kv/:key", async (call) => {
    const key = parseKey(call.req.param("key"));
    const body = await call.req.json().catch(() => undefined);
    const ifVersion = versionOf(call.req.header("if-match"));
    const value = parseValue(body?.value);
    const result = await kv.put({ key, value, ifVersion });
    if (result.status === "outdated") {
      return problem({
        status: 412,
        code: "precondition_failed",
        detail: "This is not the version that is stored now",
      });
    }
    const { status, version } = result;
    const headers = { etag: `"${version}"` };
    return call.json({ version }, status === "created" ? 201 : 200, headers);
  });

  app.post("/kv:batchGet", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    const keys = parseKeys(body?.keys);
    const found = await kv.getMany(keys);
    const entries = keys.map((key) => {
      const { value, version } = found.get(key) ?? {};
      return [key, value === undefined ? null : { value, version }];
    });
    return call.json({ entries: Object.fromEntries(entries) });
  });

  app.post("/placement", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    const shards = parseKeys(body?.shards);
    if (shards.length === 0) throw invalid("shards", "not empty");
    return call.json({ placement: placementOf(parseKeys(body?.keys), shards) });
  });
}

/** The routes that only a service with shards has. */
export function shardRoutes(
  app: Hono,
  sharding: NonNullable<Kv["sharding"]>,
): void {
  app.get("/placement/:key", async (call) => {
    const key = parseKey(call.req.param("key"));
    return call.json({ shard: await sharding.placeOf(key) });
  });

  app.post("/admin/shards", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    switch (await sharding.add(parseKey(body?.id))) {
      case "added":
        return call.json({ status: "moving" }, 202);
      case "unknown":
        throw invalid("id", "the id of a database in context.shards");
      case "busy":
        return problem({
          status: 409,
          code: "shard_busy",
          detail: "This shard is in use, or another one is still being filled",
        });
    }
  });

  app.get("/admin/rebalance", async (call) => {
    const isMoving = await sharding.isMoving();
    return call.json({ status: isMoving ? "moving" : "done" });
  });
}

/** 0, which no entry has, for an ETag that we never gave. */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const [, version] = /^"(\d{1,9})"$/.exec(ifMatch) ?? [];
  return Number(version ?? 0);
}
