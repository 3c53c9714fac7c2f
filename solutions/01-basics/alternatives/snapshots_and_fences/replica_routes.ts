import type { Hono } from "hono";
import type { Counters } from "./counters.ts";
import { invalid, parseKey, parseValue } from "./entry.ts";
import { notFound } from "./problem.ts";
import type { Registers } from "./registers.ts";
import { parseStamp, type Stamp, textOfStamp } from "./stamp.ts";

const AMOUNT_MAX = 1_000_000;

/** The routes of the counters; those below /internal are for peers. */
export function counterRoutes(app: Hono, counters: Counters): void {
  app.post("/counters/:id/incr", async (call) => {
    const id = parseKey(call.req.param("id"));
    const body = await call.req.json().catch(() => undefined);
    const amount = parseAmount(body?.by);
    return call.json({ value: await counters.add(id, amount) });
  });

  app.get("/counters/:id", async (call) => {
    const id = parseKey(call.req.param("id"));
    return call.json({ value: await counters.valueOf(id) });
  });

  app.get("/internal/additions/:known", async (call) => {
    return call.json(await counters.newsFor(Number(call.req.param("known"))));
  });
}

/** The routes of the registers; those below /internal are for peers. */
export function registerRoutes(app: Hono, registers: Registers): void {
  app.put("/registers/:id", async (call) => {
    const id = parseKey(call.req.param("id"));
    const body = await call.req.json().catch(() => undefined);
    const stamp = await registers.write(id, parseValue(body?.value));
    const version = textOfStamp(stamp);
    return call.json({ version }, 200, { etag: `"${version}"` });
  });

  app.get("/registers/:id", async (call) => {
    const id = parseKey(call.req.param("id"));
    const minVersion = call.req.header("x-min-version");
    const stored = call.req.query("read") === "local"
      ? await registers.readLocal(id, parseMin(minVersion))
      : await registers.read(id);
    if (stored === undefined) return notFound();
    const { value } = stored;
    const version = textOfStamp(stored.stamp);
    return call.json({ value, version }, 200, { etag: `"${version}"` });
  });

  app.get("/internal/registers/:id", async (call) => {
    return call.json(await registers.own.read(call.req.param("id")) ?? null);
  });

  app.put("/internal/registers/:id", async (call) => {
    await registers.own.store(call.req.param("id"), await call.req.json());
    return call.body(null, 204);
  });
}

function parseAmount(by: unknown): number {
  if (Number.isInteger(by) && Number(by) >= 1 && Number(by) <= AMOUNT_MAX) {
    return Number(by);
  }
  throw invalid("by", `a whole number from 1 to ${AMOUNT_MAX}`);
}

function parseMin(text: string | undefined): Stamp | undefined {
  if (text === undefined) return undefined;
  const stamp = parseStamp(text);
  if (stamp) return stamp;
  throw invalid("X-Min-Version", "a version that a register has had");
}
