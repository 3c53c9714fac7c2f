/** Who may pass: 401 for whoever does not say who they are, 403 for whom it is not meant. */
import { normalize } from "node:path/posix";
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";
import { type Caller, openTokens } from "./tokens.ts";

export interface Access {
  /** Throws the 400, 401 or 403. */
  admit(request: Request): Promise<Caller>;
}

/** Undefined when everybody may pass. */
export function openAccess({ config, clock }: Context): Access | undefined {
  if (config.auth !== true) return undefined;
  const callerOf = openTokens({
    secret: String(config.jwtSecret),
    audience: String(config.jwtAudience),
    now: clock.now,
  });
  const routes = routesIn(String(config.roles));

  return {
    async admit(request) {
      const path = decodedPath(request);
      const header = request.headers.get("authorization") ?? "";
      const [, token = ""] = /^Bearer +(\S+)$/i.exec(header) ?? [];
      const caller = await callerOf(token);
      if (caller === undefined) throw unauthenticated();
      const isClosed = routes.some(({ prefix, role }) =>
        isBelow(path, prefix) && !caller.roles.includes(role)
      );
      if (isClosed) throw forbidden();
      return caller;
    },
  };
}

interface Route {
  readonly prefix: string;
  readonly role: string;
}

/** "/reports=analyst,/internal=admin" */
function routesIn(text: string): Route[] {
  return text.split(",").filter((route) => route !== "").map((route) => {
    const [prefix = "", role = ""] = route.split("=");
    return { prefix, role };
  });
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** As the backend will read it: to us %69 must be an "i" too, ..%2F a step up, and a backslash a slash. */
function decodedPath({ url }: Request): string {
  try {
    const path = decodeURIComponent(new URL(url).pathname);
    return normalize(path.replaceAll("\\", "/"));
  } catch {
    throw new ProblemError({
      status: 400,
      code: "malformed_path",
      detail: "The path is not properly percent-encoded",
    });
  }
}

function unauthenticated(): ProblemError {
  return new ProblemError({
    status: 401,
    code: "unauthenticated",
    // Which of the rules was broken is of use to attackers only.
    detail: "A valid bearer token is needed",
    headers: { "www-authenticate": "Bearer" },
  });
}

function forbidden(): ProblemError {
  return new ProblemError({
    status: 403,
    code: "forbidden",
    detail: "This path needs a role that you do not have",
  });
}
