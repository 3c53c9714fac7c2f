import { createRoute, z } from "@hono/zod-openapi";
import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import type { SessionView } from "@contract/api.ts";
import { SESSION_COOKIE } from "../access/sign_in.ts";
import { enter, issueToken, SESSION_SECONDS } from "../access/tokens.ts";
import { HttpProblem } from "../problem.ts";
import type { Services } from "../services.ts";
import { jsonResponse, newRouter, PROBLEM_RESPONSES } from "./router.ts";
import { SESSION_VIEW } from "./schemas.ts";

const SESSION = createRoute({
  method: "get",
  path: "/session",
  responses: {
    200: jsonResponse(SESSION_VIEW, "Who I am here"),
    ...PROBLEM_RESPONSES,
  },
});

const ENTER_LINK = createRoute({
  method: "post",
  path: "/enter_links",
  responses: {
    201: jsonResponse(
      z.object({ url: z.url() }),
      "A link that signs a browser in once",
    ),
    ...PROBLEM_RESPONSES,
  },
});

/** `/api/session` and new links to sign in by. */
export function sessionRoutes({ sql }: Services) {
  const routes = newRouter();

  routes.openapi(SESSION, (context) => {
    const { id, name, role } = context.var.person;
    const view: SessionView = { mode: "solo", person: { id, name, role } };
    return context.json(view, 200);
  });

  routes.openapi(ENTER_LINK, async (context) => {
    const token = await issueToken(sql, context.var.person.id, "enter");
    const url = new URL("/enter", context.req.url);
    url.searchParams.set("token", token);
    return context.json({ url: url.href }, 201);
  });

  return routes;
}

/** `/enter?token=…`: exchanges the token of a printed link for a cookie. */
export function enterRoutes({ sql }: Services) {
  const routes = new Hono();
  routes.get("/enter", async (context) => {
    const session = await enter(sql, context.req.query("token") ?? "");
    if (session === undefined) {
      throw new HttpProblem(
        "unauthenticated",
        "This link was used already or is too old; `deno task start` prints a new one",
      );
    }
    setCookie(context, SESSION_COOKIE, session, {
      httpOnly: true,
      sameSite: "Strict",
      path: "/",
      maxAge: SESSION_SECONDS,
    });
    return context.redirect("/");
  });
  return routes;
}
