import { type Context as HonoContext, Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import { parseBackends } from "./backend_list.ts";
import { openBalance } from "./balance.ts";
import { openGateway } from "./gateway.ts";
import { startHealthChecks } from "./health.ts";
import { Metrics } from "./metrics.ts";
import { Pool } from "./pool.ts";
import { problem, ProblemError } from "./problem.ts";
import { passBytes } from "./layer4.ts";
import { RetryBudget } from "./retries.ts";
import { openSessions } from "./sessions.ts";
import { openSharedList } from "./shared_list.ts";
import { stateOf } from "./state.ts";

/**
 * Called once per instance; your balancer is what it returns. The routes are here, the parts are to be built: begin with
 * forward.ts and follow the first failing check.
 */
export default async function loadBalancer(
  context: Context,
): Promise<System> {
  const { upstreams, config } = context;
  const pool = new Pool(context);
  const list = await openSharedList(context, pool);
  const balance = openBalance(context);
  const sessions = openSessions(context);
  const retries = new RetryBudget(Number(config.retryBudget));
  const metrics = new Metrics();
  startHealthChecks(context, pool);
  const parts = { pool, balance, sessions, retries, metrics, config };
  const handle = openGateway(context, parts);
  const app = new Hono();

  app.get("/admin/backends", showList);

  app.put("/admin/backends", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    const entries = parseBackends(body, (id) => Object.hasOwn(upstreams, id));
    await list.put(entries, call.req.header("if-match"));
    return showList(call);
  });

  app.all("/admin/*", () => notFound());
  app.get("/metrics", (call) => call.text(metrics.text));
  app.all("*", (call) => handle(call.req.raw));
  app.onError((error) => {
    if (error instanceof ProblemError) return problem(error.problem);
    context.log("request failed", { error });
    return problem({
      status: 500,
      code: "internal",
      detail: "Something broke on our side",
    });
  });
  return {
    fetch: app.fetch,
    tcp: (connection) => passBytes(connection, { pool, balance, config }),
  };

  function showList(call: HonoContext): Response {
    if (list.etag !== undefined) call.header("etag", list.etag);
    return call.json(stateOf(pool));
  }
}

function notFound(): Response {
  return problem({
    status: 404,
    code: "not_found",
    detail: "There is nothing at this path",
  });
}
