import { OpenAPIHono } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import { KIT_VERSION } from "@contract/kit_version.ts";
import { requirePerson, SESSION_COOKIE } from "./access/sign_in.ts";
import { HttpProblem, problemHandler, problemResponse } from "./problem.ts";
import { healthRoutes } from "./routes/health.ts";
import { pageRoutes } from "./routes/page.ts";
import { enterRoutes, sessionRoutes } from "./routes/session.ts";
import { streamRoutes } from "./routes/streams.ts";
import { submissionRoutes } from "./routes/submissions.ts";
import { workshopRoutes } from "./routes/workshops.ts";
import type { Services } from "./services.ts";

/** The names by which a browser on this machine may call the server. */
const HOST_NAMES: ReadonlySet<string> = new Set([
  "127.0.0.1",
  "localhost",
  "[::1]",
]);

/** The whole HTTP surface; it owns nothing and can be called with a Request. */
export function buildApp(services: Services): OpenAPIHono {
  const app = new OpenAPIHono();
  app.onError(problemHandler(services.log));
  app.use(secureHeaders(SECURE_HEADERS), requireLocalHost);

  app.route("/", enterRoutes(services));
  app.route("/api", healthRoutes(services));
  describeApi(app);
  app.use("/api/*", requirePerson(services.sql));
  app.route("/api", sessionRoutes(services));
  app.route("/api/workshops", workshopRoutes(services));
  app.route("/api", streamRoutes(services));
  app.route("/api/submissions", submissionRoutes(services));
  app.all("/api/*", () => {
    throw new HttpProblem("not_found");
  });
  app.route("/", pageRoutes(services.pageDir));
  app.notFound(() => problemResponse(new HttpProblem("not_found")));
  return app;
}

/** `/api/openapi.json`: made of the routes themselves. */
function describeApi(app: OpenAPIHono): void {
  const { openAPIRegistry: registry } = app;
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: SESSION_COOKIE,
  });
  registry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
  });
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: { title: "Trestle", version: KIT_VERSION },
    security: [{ session: [] }, { token: [] }],
  });
}

const SECURE_HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
  // The server speaks plain HTTP on this machine only; there is no transport to be strict about.
  strictTransportSecurity: false,
};

/**
 * Refuses requests that came under another name: a page elsewhere that lets its own name point to this machine
 * (DNS rebinding) would otherwise be of the same origin as ours.
 */
const requireLocalHost = createMiddleware(
  async function requireLocalHost(context, next) {
    const { host, hostname } = new URL(context.req.url);
    if (!HOST_NAMES.has(hostname)) {
      throw new HttpProblem("forbidden", `This server is not called ${host}`);
    }
    await next();
  },
);
