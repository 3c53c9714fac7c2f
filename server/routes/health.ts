import { createRoute } from "@hono/zod-openapi";
import type { HealthView } from "@contract/api.ts";
import { KIT_VERSION } from "@contract/kit_version.ts";
import type { Services } from "../services.ts";
import { jsonResponse, newRouter } from "./router.ts";
import { HEALTH_VIEW } from "./schemas.ts";

const HEALTH = createRoute({
  method: "get",
  path: "/health",
  responses: {
    200: jsonResponse(HEALTH_VIEW, "The server works; who else does"),
    503: jsonResponse(HEALTH_VIEW, "The server cannot reach its database"),
  },
});

/** `/api/health`, open to all. Without a worker nothing is graded: degraded, though everything is kept. */
export function healthRoutes({ sql, log }: Services) {
  const routes = newRouter();
  routes.openapi(HEALTH, async (context) => {
    try {
      const [counts] = await sql<
        Pick<HealthView, "queued" | "running" | "workers">[]
      >`
        SELECT
          (SELECT count(*)::integer FROM trestle.submission WHERE state = 'queued') AS queued,
          (SELECT count(*)::integer FROM trestle.submission WHERE state = 'running') AS running,
          (SELECT count(*)::integer FROM trestle.worker
            WHERE heartbeat_at > now() - interval '15 seconds') AS workers`;
      const status = counts!.workers > 0 ? "ok" : "degraded";
      return context.json({ status, kitVersion: KIT_VERSION, ...counts! }, 200);
    } catch (error) {
      log("error", "database_unreachable", { error: String(error) });
      const none = { queued: 0, running: 0, workers: 0 };
      return context.json(
        { status: "degraded", kitVersion: KIT_VERSION, ...none },
        503,
      );
    }
  });
  return routes;
}
