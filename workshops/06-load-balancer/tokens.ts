/** JSON Web Tokens (RFC 7519), as far as a gateway needs them: who is it, and may we believe that? */
import { notImplemented } from "./problem.ts";

export interface Caller {
  readonly user: string;
  readonly roles: readonly string[];
}

export interface TokenRules {
  readonly secret: string;
  readonly audience: string;
  now(): number;
}

/** Undefined for a token that proves nothing, for whatever reason. */
export type CallerOf = (token: string) => Promise<Caller | undefined>;

export function openTokens(_rules: TokenRules): CallerOf {
  return function callerOf(_token) {
    // TODO 06.8: HS256 and nothing else; then aud, exp, nbf, sub and roles.
    throw notImplemented(
      "06.8 Edge security and observability",
      "check tokens in tokens.ts",
    );
  };
}
