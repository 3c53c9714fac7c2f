/** A short link, and how a request body becomes one. */
import { ProblemError } from "./problem.ts";

export interface Link {
  readonly code: string;
  readonly url: string;
  readonly permanent: boolean;
  /** Milliseconds since 1970; undefined means never. */
  readonly expiresAtMs?: number;
}

export interface LinkRequest {
  readonly url: string;
  readonly alias?: string;
  readonly permanent: boolean;
  readonly expiresAtMs?: number;
}

const ALIAS = /^[0-9A-Za-z_-]{3,32}$/;
/** Paths of our own that no alias may hide. */
const RESERVED = new Set(["links"]);

/** Checks the body of `POST /links`; throws a 422 that names the field. */
export function parseLinkRequest(
  // deno-lint-ignore no-explicit-any -- anything may arrive
  body: any,
  options: { readonly baseUrl: string; readonly nowMs: number },
): LinkRequest {
  const expiresAtMs = body?.expiresAt === undefined
    ? undefined
    : Date.parse(body.expiresAt);
  if (expiresAtMs !== undefined && !(expiresAtMs > options.nowMs)) {
    throw new ProblemError(
      422,
      "invalid_expiry",
      "expiresAt must be an RFC 3339 time in the future",
    );
  }
  if (body?.alias !== undefined && !isAlias(body.alias)) {
    throw new ProblemError(
      422,
      "invalid_alias",
      "alias must have 3 to 32 letters, digits, - or _, and not be reserved",
    );
  }
  return {
    url: parseTarget(body?.url, options.baseUrl),
    alias: body.alias,
    permanent: body.permanent === true,
    expiresAtMs,
  };
}

function isAlias(alias: unknown): boolean {
  return typeof alias === "string" && ALIAS.test(alias) &&
    !RESERVED.has(alias);
}

/** Only web addresses: `javascript:` would run in our name, a link to ourselves would loop. */
function parseTarget(value: unknown, baseUrl: string): string {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new ProblemError(
      422,
      "invalid_url",
      "url must be an absolute http or https address",
    );
  }
  if (url.host === new URL(baseUrl).host) {
    throw new ProblemError(422, "self_loop", "url points at the shortener");
  }
  return value as string;
}
