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
/** What a Location header can carry as it is: printable ASCII without blanks. */
const PLAIN = /^[!-~]+$/;
/** Date.parse takes much more: a bare year, "March 7", a time without a zone. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Checks the body of `POST /links`; throws a 422 that names the field. */
export function parseLinkRequest(
  // deno-lint-ignore no-explicit-any -- anything may arrive
  body: any,
  options: { readonly baseUrl: string; readonly nowMs: number },
): LinkRequest {
  const expiresAtMs = body?.expiresAt === undefined
    ? undefined
    : parseTime(body.expiresAt);
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

/** Milliseconds since 1970; NaN when it is no time. */
function parseTime(value: unknown): number {
  return typeof value === "string" && RFC_3339.test(value)
    ? Date.parse(value)
    : NaN;
}

function isAlias(alias: unknown): boolean {
  return typeof alias === "string" && ALIAS.test(alias) &&
    !RESERVED.has(alias);
}

/** Only web addresses: `javascript:` would run in our name, a link to ourselves would loop. */
function parseTarget(value: unknown, baseUrl: string): string {
  const url = typeof value === "string" && PLAIN.test(value)
    ? URL.parse(value)
    : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new ProblemError(
      422,
      "invalid_url",
      "url must be an absolute http or https address in printable ASCII",
    );
  }
  if (url.host === new URL(baseUrl).host) {
    throw new ProblemError(422, "self_loop", "url points at the shortener");
  }
  return value as string;
}
