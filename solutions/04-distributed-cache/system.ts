import { Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import { Bulkhead } from "./bulkhead.ts";
import { cacheNode } from "./cache_node.ts";
import { parseId, parseIds, parseValue } from "./item.ts";
import { itemCache } from "./item_cache.ts";
import { openItemTable } from "./item_table.ts";
import { TRANSFER_PATH } from "./migration.ts";
import { missedEntries } from "./missed_entries.ts";
import { HEALTH_PATH } from "./node_health.ts";
import { problem, ProblemError } from "./problem.ts";
import { itemReader } from "./read_items.ts";
import { openReports } from "./reports.ts";
import { itemWriter } from "./write_item.ts";

/** Two services in one process: a cache node of our own (`tcp`), and items behind a cache (`fetch`). */
export default async function distributedCache(
  context: Context,
): Promise<System> {
  const { config, log } = context;
  const { cluster, tcp } = cacheNode(context);
  const bulkhead = new Bulkhead({
    inFlightMax: Number(config.dbInFlightMax),
    queueMax: Number(config.dbQueueMax),
  });
  const table = await openItemTable(context, bulkhead);
  const cache = itemCache(context);
  const services = { table, cache, missed: missedEntries(context, cache) };
  const reader = itemReader(context, services);
  const write = itemWriter(context, services);
  const reports = openReports(context);
  const app = new Hono();

  app.get("/items/:id", async (call) => {
    const id = parseId(call.req.param("id"));
    const item = await reader.one(id);
    if (item === undefined) return notFound(`Item ${id}`);
    const etag = `"${item.version}"`;
    if (call.req.header("if-none-match") === etag) {
      return call.body(null, 304, { etag });
    }
    return call.json({ id, value: item.value }, 200, { etag });
  });

  app.put("/items/:id", async (call) => {
    const id = parseId(call.req.param("id"));
    const value = parseValue(await call.req.json().catch(() => undefined));
    const { version, isStored } = await write(id, value);
    const headers = { etag: `"${version}"` };
    return call.json({ id, value }, isStored ? 200 : 202, headers);
  });

  app.post("/items:batchGet", async (call) => {
    const ids = parseIds(await call.req.json().catch(() => undefined));
    const items = await reader.many(ids);
    return call.json({
      items: ids.map((id) => {
        const item = items.get(id);
        return item ? { id, value: item.value } : null;
      }),
    });
  });

  app.get("/reports/:id", async (call) => {
    const report = await reports.read(call.req.param("id"));
    return call.body(report, 200, { "content-type": "application/json" });
  });

  app.get(HEALTH_PATH, (call) => call.body(null, 204));
  app.put(TRANSFER_PATH, (call) => cluster.migration.receive(call.req.raw));

  app.notFound(() => notFound("This path"));
  app.onError((error) => {
    if (error instanceof ProblemError) return error.toResponse();
    log("request failed", { error });
    return problem(500, "internal", "Something broke on our side");
  });
  return { fetch: app.fetch, tcp };
}

function notFound(what: string): Response {
  return problem(404, "not_found", `${what} is not known here`);
}
