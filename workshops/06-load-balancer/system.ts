import { Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import { parseBackends } from "./backend_list.ts";
import { openBalance } from "./balance.ts";
import { forward } from "./forward.ts";
import { startHealthChecks } from "./health.ts";
import { Pool } from "./pool.ts";
import { problem, ProblemError } from "./problem.ts";
import { passBytes } from "./layer4.ts";
import { openSessions } from "./sessions.ts";
import { stateOf } from "./state.ts";

/**
 * Called once per instance; your balancer is what it returns. The routes are here, the parts are to be built: begin with
 * forward.ts and follow the first failing check.
 */
export default function loadBalancer(context: Context): System {
  const { upstreams, config } = context;
  const pool = new Pool(upstreams);
  const balance = openBalance(context);
  const sessions = openSessions(context);
  startHealthChecks(context, pool);
  const app = new Hono();

  app.get("/admin/backends", (call) => call.json(stateOf(pool)));

  app.put("/admin/backends", async (call) => {
    const body = await call.req.json().catch(() => undefined);
    const entries = parseBackends(body, (id) => Object.hasOwn(upstreams, id));
    pool.replace(entries);
    return call.json(stateOf(pool));
  });

  app.all("/admin/*", () => notFound());
  app.all(
    "*",
    (call) => forward(call.req.raw, { pool, balance, sessions, config }),
  );
  app.onError((error) => {
    if (error instanceof ProblemError) return problem(error.problem);
    context.log("request failed", { error: String(error) });
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
}

function notFound(): Response {
  return problem({
    status: 404,
    code: "not_found",
    detail: "There is nothing at this path",
  });
}
