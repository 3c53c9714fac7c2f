import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { SignedIn } from "../access/sign_in.ts";
import { HttpProblem } from "../problem.ts";

/** A sub-application whose broken input becomes a problem that names field and rule. */
export function newRouter() {
  return new OpenAPIHono<SignedIn>({
    defaultHook(result) {
      if (!result.success) {
        throw new HttpProblem("invalid_input", firstIssue(result.error));
      }
    },
  });
}

const PROBLEM = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string().optional(),
}).openapi("Problem");

/** Responses that every signed-in route may give, for the API's document. */
export const PROBLEM_RESPONSES = {
  default: {
    description: "Anything else: RFC 9457",
    content: { "application/problem+json": { schema: PROBLEM } },
  },
} as const;

/** One JSON response, for the API's document and for the types of handlers. */
export function jsonResponse<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
) {
  return { description, content: { "application/json": { schema } } };
}

function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0]!;
  const field = issue.path.join(".");
  return field ? `${field}: ${issue.message}` : issue.message;
}
