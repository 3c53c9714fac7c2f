/** What {@link signWebhook} signs. */
export interface WebhookToSign {
  /** "whsec_" and the secret in base64. */
  readonly secret: string;
  /** Unique for each message; the same when it is sent again. */
  readonly id: string;
  /** Milliseconds since 1970; the header has seconds. */
  readonly timeMs: number;
  /** Exactly what is sent. */
  readonly body: string;
}

/**
 * Headers of a signed callback, as a provider sends it: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export async function signWebhook(
  { secret, id, timeMs, body }: WebhookToSign,
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(timeMs / 1000));
  const key = await crypto.subtle.importKey(
    "raw",
    bytesOf(atob(secret.replace(/^whsec_/, ""))),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signature = await crypto.subtle.sign("HMAC", key, content);
  const base64 = btoa(String.fromCharCode(...new Uint8Array(signature)));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${base64}`,
  };
}

function bytesOf(binary: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
