import { createRoute, z } from "@hono/zod-openapi";
import type { WorkshopSummary } from "@contract/api.ts";
import type { CatalogEntry } from "../catalog.ts";
import { HttpProblem } from "../problem.ts";
import { unlockedLevels, unlockNextLevel } from "../progress/hints.ts";
import { type Progress, readProgress, stagesOf } from "../progress/stages.ts";
import type { Services } from "../services.ts";
import { jsonResponse, newRouter, PROBLEM_RESPONSES } from "./router.ts";
import { STAGE_HINTS, WORKSHOP_DETAIL, WORKSHOP_LIST } from "./schemas.ts";

const SLUG = z.object({ slug: z.string().max(80) });
const STAGE = SLUG.extend({ stage: z.coerce.number().int().min(1).max(20) });

const LIST = createRoute({
  method: "get",
  path: "/",
  responses: {
    200: jsonResponse(WORKSHOP_LIST, "Every workshop and what I have reached"),
    ...PROBLEM_RESPONSES,
  },
});

const DETAIL = createRoute({
  method: "get",
  path: "/{slug}",
  request: { params: SLUG },
  responses: {
    200: jsonResponse(WORKSHOP_DETAIL, "One workshop with its brief"),
    ...PROBLEM_RESPONSES,
  },
});

const HINTS = createRoute({
  method: "get",
  path: "/{slug}/hints/{stage}",
  request: { params: STAGE },
  responses: {
    200: jsonResponse(STAGE_HINTS, "The hints that I have opened"),
    ...PROBLEM_RESPONSES,
  },
});

const UNLOCK = createRoute({
  method: "post",
  path: "/{slug}/hints/{stage}",
  request: { params: STAGE },
  responses: {
    200: jsonResponse(STAGE_HINTS, "The same with one more level"),
    ...PROBLEM_RESPONSES,
  },
});

/** `/api/workshops`: what there is to learn, and how far this learner got. */
export function workshopRoutes({ sql, catalog }: Services) {
  const routes = newRouter();

  routes.openapi(LIST, async (context) => {
    const progress = await readProgress(sql, context.var.person.id);
    const workshops = catalog.entries.map((entry) =>
      toSummary(entry, progress)
    );
    return context.json({ workshops }, 200);
  });

  routes.openapi(DETAIL, async (context) => {
    const entry = findWorkshop(context.req.valid("param").slug);
    const progress = await readProgress(sql, context.var.person.id);
    const summary = toSummary(entry, progress);
    const isPassed = summary.stages.every(({ status }) => status === "passed");
    const debrief = isPassed && await catalog.debrief(summary.slug);
    return context.json({
      ...summary,
      brief: await catalog.brief(summary.slug),
      stageManifests: [...entry.workshop.stages],
      ...(debrief && { debrief }),
    }, 200);
  });

  routes.openapi(HINTS, async (context) => {
    const at = findStage(context.req.valid("param"));
    const hints = await catalog.hints(at.workshop, at.stage);
    const level = await unlockedLevels(sql, {
      ...at,
      personId: context.var.person.id,
    });
    return context.json(toHints(at.stage, hints, level), 200);
  });

  routes.openapi(UNLOCK, async (context) => {
    const at = findStage(context.req.valid("param"));
    const hints = await catalog.hints(at.workshop, at.stage);
    const level = await unlockNextLevel(
      sql,
      { ...at, personId: context.var.person.id },
      hints.length,
    );
    return context.json(toHints(at.stage, hints, level), 200);
  });

  return routes;

  function findWorkshop(slug: string): CatalogEntry {
    const entry = catalog.find(slug);
    if (!entry) {
      throw new HttpProblem("not_found", `There is no workshop "${slug}"`);
    }
    return entry;
  }

  function findStage({ slug, stage }: { slug: string; stage: number }) {
    const { workshop } = findWorkshop(slug);
    if (!workshop.stages.some(({ number }) => number === stage)) {
      throw new HttpProblem(
        "not_found",
        `Workshop ${slug} has stages 1 to ${workshop.stages.length}, not ${stage}`,
      );
    }
    return { workshop: slug, stage };
  }
}

function toSummary(
  { workshop }: CatalogEntry,
  progress: Progress,
): WorkshopSummary {
  const { slug, number, title, summary, level, hours, needs } = workshop;
  const stages = stagesOf(workshop, progress);
  return { slug, number, title, summary, level, hours, needs, stages };
}

function toHints(stage: number, hints: string[], level: number) {
  return { stage, unlocked: hints.slice(0, level), total: hints.length };
}
