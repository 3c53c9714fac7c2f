/** A short link, and how a request body becomes one. */
import { notImplemented } from "./problem.ts";

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

/** Checks the body of `POST /links`; throws a `ProblemError` 422 that names the field. */
export function parseLinkRequest(
  _body: unknown,
  _options: { readonly baseUrl: string; readonly nowMs: number },
): LinkRequest {
  // TODO: url first, the rest as the stages ask for it.
  throw notImplemented(
    "02.1 Shorten and redirect",
    "check the body of POST /links in link.ts",
  );
}
