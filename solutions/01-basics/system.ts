import { Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import { availability } from "./availability.ts";
import { openCounters } from "./counters.ts";
import { estimate } from "./estimate.ts";
import { openKv } from "./kv.ts";
import { kvRoutes, shardRoutes } from "./kv_routes.ts";
import { notFound, problem, ProblemError } from "./problem.ts";
import { openRegisters } from "./registers.ts";
import { counterRoutes, registerRoutes } from "./replica_routes.ts";
import { parsePart, parseScenario } from "./scenario.ts";

/**
 * Called once per instance; your service is what it returns. The routes are here, the parts are to be built: begin with
 * estimate.ts and follow the first failing check.
 */
export default async function basics(context: Context): Promise<System> {
  const { config } = context;
  const app = new Hono();

  app.post("/estimate", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    const scenario = parseScenario(body);
    const requestsPerServer = Number(config.requestsPerServer);
    return call.json(estimate(scenario, { requestsPerServer }));
  });
  app.post("/availability", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    return call.json(availability(parsePart(body)));
  });

  // What is behind context.sql: nothing (01.1), one database for all instances, or one for each (01.6 and 01.7).
  if (config.stores === "shared") {
    const kv = await openKv(context);
    kvRoutes(app, kv);
    if (kv.sharding) shardRoutes(app, kv.sharding);
  }
  if (config.stores === "private") {
    counterRoutes(app, await openCounters(context));
    registerRoutes(app, await openRegisters(context));
  }

  app.notFound(() => notFound());
  app.onError((error) => {
    if (error instanceof ProblemError) return problem(error.problem);
    context.log("request failed", { error });
    return problem({
      status: 500,
      code: "internal",
      detail: "Something broke on our side",
    });
  });
  return { fetch: app.fetch };
}
