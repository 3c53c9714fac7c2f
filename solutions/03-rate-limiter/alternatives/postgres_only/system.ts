import { Hono } from "hono";
import type { Context, System } from "@contract/system.ts";
import { guard } from "./guard.ts";
import { openLimiter } from "./limiter.ts";
import { openPolicies } from "./policies.ts";
import { parsePolicy } from "./policy.ts";
import { problem, ProblemError } from "./problem.ts";
import { createCounters } from "./shared_limiter.ts";
import { createSlots } from "./slot_stores.ts";
import { openSlots } from "./slots.ts";

export default async function rateLimiter(context: Context): Promise<System> {
  await createCounters(context.sql);
  await createSlots(context.sql);
  const policies = await openPolicies(context);
  const limiter = openLimiter(context);
  const slots = openSlots(context);
  const parts = {
    policies,
    limiter,
    slots,
    api: context.upstreams.api!,
    storeDeadlineMs: Number(context.config.storeDeadlineMs),
  };
  const app = new Hono();

  app.all("/api/*", (call) => guard(parts, call.req.raw));

  app.put("/policies/:name", async (call) => {
    const name = call.req.param("name");
    const policy = parsePolicy(
      name,
      await call.req.json().catch(() => undefined),
    );
    const ifMatch = call.req.header("if-match");
    const result = await policies.put(name, policy, versionOf(ifMatch));
    switch (result.status) {
      case "created":
        return call.json(policy, 201, { etag: etagOf(result.version) });
      case "replaced":
        return call.json(policy, 200, { etag: etagOf(result.version) });
      case "unconditional":
        return problem({
          status: 428,
          code: "precondition_required",
          detail: "An edit needs If-Match with the ETag that it started from",
        });
      case "outdated":
        return problem({
          status: 412,
          code: "precondition_failed",
          detail: "This is not the version that is stored now",
        });
    }
  });

  app.get("/policies/:name", async (call) => {
    const stored = await policies.find(call.req.param("name"));
    if (stored === undefined) return notFound();
    return call.json(stored.policy, 200, { etag: etagOf(stored.version) });
  });

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

function etagOf(version: number): string {
  return `"${version}"`;
}

/** 0, which no policy has, for an ETag that we never gave. */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const [, version] = /^"(\d{1,9})"$/.exec(ifMatch) ?? [];
  return Number(version ?? 0);
}

function notFound(): Response {
  return problem({
    status: 404,
    code: "not_found",
    detail: "There is nothing at this path",
  });
}
