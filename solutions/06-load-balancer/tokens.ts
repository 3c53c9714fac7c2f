/** JSON Web Tokens (RFC 7519), as far as a gateway needs them: who is it, and may we believe that? */

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

export function openTokens({ secret, audience, now }: TokenRules): CallerOf {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = crypto.subtle
    .importKey("raw", bytesOf(secret), algorithm, false, ["verify"]);

  return async function callerOf(token) {
    const [header = "", claims = "", signature = "", ...more] = token
      .split(".");
    // The token must not choose how it is checked: "none" is an algorithm too.
    if (more.length > 0 || jsonIn(header)?.alg !== "HS256") return undefined;
    const [mark, signed] = [decoded(signature), bytesOf(`${header}.${claims}`)];
    const isSigned = await crypto.subtle
      .verify("HMAC", await key, mark, signed);
    return isSigned ? callerIn(jsonIn(claims)) : undefined;
  };

  function callerIn(claims: Json | undefined): Caller | undefined {
    const { sub, aud, exp, nbf = 0, roles = [] } = claims ?? {};
    const nowSec = now() / 1000;
    const isForUs = [aud].flat().includes(audience);
    const isInTime = isNumber(exp) && nowSec < exp &&
      isNumber(nbf) && nbf <= nowSec;
    if (!isForUs || !isInTime) return undefined;
    if (typeof sub !== "string" || !USER.test(sub)) return undefined;
    if (!Array.isArray(roles) || !roles.every(isRole)) return undefined;
    return { user: sub, roles };
  }
}

type Json = Record<string, unknown>;

/** Both become header fields: nothing that could end one. */
const USER = /^[\x21-\x7e]{1,128}$/;
const ROLE = /^[\w-]{1,64}$/;

function isRole(role: unknown): role is string {
  return typeof role === "string" && ROLE.test(role);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function jsonIn(part: string): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(decoded(part))) ?? undefined;
  } catch {
    return undefined; // Not even JSON: whoever made it was not us.
  }
}

function decoded(part: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(part, { alphabet: "base64url" });
  } catch {
    return new Uint8Array();
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
