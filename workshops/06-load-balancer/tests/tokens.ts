/** Makes JSON Web Tokens, good ones and others. */
export interface TokenOptions {
  readonly secret?: string;
  readonly header?: Readonly<Record<string, unknown>>;
}

export const SECRET = "for the checks of stage 8 only";

/** `Authorization` with a token of these claims. */
export async function bearer(
  claims: Readonly<Record<string, unknown>>,
  { secret = SECRET, header = { alg: "HS256", typ: "JWT" } }: TokenOptions = {},
): Promise<{ authorization: string }> {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const hash = header.alg === "HS512" ? "SHA-512" : "SHA-256";
  const key = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle
    .sign("HMAC", key, new TextEncoder().encode(signed));
  const mark = String(header.alg).toLowerCase() === "none"
    ? ""
    : base64url(new Uint8Array(signature));
  return { authorization: `Bearer ${signed}.${mark}` };
}

/** Swaps the claims of a token and keeps its signature. */
export function withClaims(
  { authorization }: { readonly authorization: string },
  claims: Readonly<Record<string, unknown>>,
): { authorization: string } {
  const [header, , signature] = authorization.split(".");
  return { authorization: [header, encoded(claims), signature].join(".") };
}

function encoded(value: unknown): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
