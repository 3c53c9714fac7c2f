/**
 * Who sent this callback? Standard Webhooks: an HMAC over id, time and body.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

/** An older callback may be one that somebody has recorded and plays again. */
const AGE_MS_MAX = 5 * 60_000;

export interface Signed {
  readonly headers: Headers;
  /** As it came, byte by byte. */
  readonly body: string;
}

/** Whether it was signed with this secret ("whsec_…"), and a short while ago. */
export async function isSigned(
  { headers, body }: Signed,
  { secret, nowMs }: { readonly secret: string; readonly nowMs: number },
): Promise<boolean> {
  const id = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp") ?? "";
  const given = headers.get("webhook-signature") ?? "";
  if (id === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp) * 1000) > AGE_MS_MAX) return false;
  const key = await crypto.subtle.importKey(
    "raw",
    decodeBase64(secret.replace(/^whsec_/, ""))!,
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  // Several signatures, while a secret is being changed. `verify` compares in constant time.
  for (const signature of given.split(" ")) {
    const [version, value = ""] = signature.split(",");
    const bytes = version === "v1" ? decodeBase64(value) : undefined;
    if (bytes && await crypto.subtle.verify("HMAC", key, bytes, content)) {
      return true;
    }
  }
  return false;
}

/** Undefined if it is no base64. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined; // What a stranger has written need not be base64.
  }
}
