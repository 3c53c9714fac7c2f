import { createRoute, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import {
  SUBMISSION_BYTES_MAX,
  submissionProblem,
} from "@contract/submission.ts";
import { HttpProblem } from "../problem.ts";
import type { Services } from "../services.ts";
import { cancelSubmission } from "../submissions/cancel.ts";
import { readDetail, readList, readView } from "../submissions/read.ts";
import { submit } from "../submissions/submit.ts";
import { jsonResponse, newRouter, PROBLEM_RESPONSES } from "./router.ts";
import {
  SUBMISSION_DETAIL,
  SUBMISSION_LIST,
  SUBMISSION_VIEW,
} from "./schemas.ts";

/** JSON may spell a byte of a file with six characters. */
const BODY_BYTES_MAX = 6 * SUBMISSION_BYTES_MAX + 64 * 1024;

const ID = z.object({ id: z.uuid() });

const CREATE = createRoute({
  method: "post",
  path: "/",
  middleware: [
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError() {
        throw new HttpProblem(
          "payload_too_large",
          `A submission has at most ${SUBMISSION_BYTES_MAX / 1024} KB`,
        );
      },
    }),
  ] as const,
  request: {
    headers: z.object({
      "idempotency-key": z.string().min(1).max(200).optional(),
    }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            workshop: z.string().max(80),
            files: z.record(z.string(), z.string()),
          }),
        },
      },
    },
  },
  responses: {
    202: jsonResponse(SUBMISSION_VIEW, "Stored and queued, or known already"),
    ...PROBLEM_RESPONSES,
  },
});

const LIST = createRoute({
  method: "get",
  path: "/",
  request: {
    query: z.object({
      workshop: z.string().max(80).optional(),
      cursor: z.string().regex(/^\d{1,18}$/).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  responses: {
    200: jsonResponse(SUBMISSION_LIST, "My submissions, newest first"),
    ...PROBLEM_RESPONSES,
  },
});

const DETAIL = createRoute({
  method: "get",
  path: "/{id}",
  request: { params: ID },
  responses: {
    200: jsonResponse(SUBMISSION_DETAIL, "One submission with its report"),
    ...PROBLEM_RESPONSES,
  },
});

const CANCEL = createRoute({
  method: "post",
  path: "/{id}/cancel",
  request: { params: ID },
  responses: {
    202: jsonResponse(SUBMISSION_VIEW, "Canceled, or about to be"),
    ...PROBLEM_RESPONSES,
  },
});

/** `/api/submissions`: hand in, look up, take back. */
export function submissionRoutes({ sql, catalog }: Services) {
  const routes = newRouter();

  routes.openapi(CREATE, async (context) => {
    const { workshop, files } = context.req.valid("json");
    const entry = catalog.find(workshop);
    if (!entry) {
      throw new HttpProblem("not_found", `There is no workshop "${workshop}"`);
    }
    const problem = submissionProblem(files);
    if (problem) throw new HttpProblem("submission_rejected", problem);
    const personId = context.var.person.id;
    const outcome = await submit(sql, {
      personId,
      workshop,
      files,
      suiteHash: entry.suiteHash,
      idempotencyKey: context.req.valid("header")["idempotency-key"],
    });
    switch (outcome.status) {
      case "idempotency_mismatch":
        throw new HttpProblem(
          "idempotency_mismatch",
          "This Idempotency-Key was sent with other files; a new submission needs a new key",
        );
      case "queue_full":
        throw new HttpProblem(
          "unavailable",
          "Too many submissions are waiting; try again in a minute",
        );
      case "stored":
      case "known":
        return context.json(await findView(personId, outcome.id), 202);
    }
  });

  routes.openapi(LIST, async (context) => {
    const options = context.req.valid("query");
    const list = await readList(sql, context.var.person.id, options);
    return context.json(list, 200);
  });

  routes.openapi(DETAIL, async (context) => {
    const { id } = context.req.valid("param");
    const detail = await readDetail(sql, context.var.person.id, id);
    if (!detail) throw unknownSubmission(id);
    return context.json(detail, 200);
  });

  routes.openapi(CANCEL, async (context) => {
    const { id } = context.req.valid("param");
    const personId = context.var.person.id;
    const outcome = await cancelSubmission(sql, personId, id);
    if (outcome === "not_found") throw unknownSubmission(id);
    if (outcome === "already_over") {
      throw new HttpProblem("conflict", "This submission is over already");
    }
    return context.json(await findView(personId, id), 202);
  });

  return routes;

  async function findView(personId: string, id: string) {
    const view = await readView(sql, personId, id);
    if (!view) throw unknownSubmission(id);
    return view;
  }
}

function unknownSubmission(id: string): HttpProblem {
  return new HttpProblem("not_found", `You have no submission ${id}`);
}
