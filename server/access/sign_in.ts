import { getCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { createMiddleware } from "hono/factory";
import type { Sql } from "postgres";
import { HttpProblem } from "../problem.ts";
import type { Person } from "./person.ts";
import { findPerson } from "./tokens.ts";

export const SESSION_COOKIE = "trestle_session";

/** What every signed-in request carries. */
export interface SignedIn {
  Variables: { person: Person };
}

/**
 * Lets a request through that has a session's cookie or a bearer token. Only cookies are sent by browsers unasked,
 * so only they need the check against forged requests from other pages.
 */
export function requirePerson(sql: Sql) {
  const refuseForged = csrf();
  return createMiddleware<SignedIn>(async function signIn(context, next) {
    const bearer = /^Bearer (\S+)$/i.exec(
      context.req.header("authorization") ?? "",
    )?.[1];
    const cookie = getCookie(context, SESSION_COOKIE);
    const person = bearer !== undefined
      ? await findPerson(sql, bearer, "cli")
      : cookie && await findPerson(sql, cookie, "session");
    if (!person) {
      throw new HttpProblem(
        "unauthenticated",
        "Open the link that `deno task start` prints; it works once, and `start` prints a new one each time",
      );
    }
    context.set("person", person);
    return bearer === undefined
      ? await refuseForged(context, next)
      : await next();
  });
}
