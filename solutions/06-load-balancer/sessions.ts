/** A cookie that says which backend a client belongs to: signed, so that only we can say so, and stored nowhere. */
import type { Context } from "@contract/system.ts";

const NAME = "lb";

export interface Sessions {
  /** The backend that a cookie of ours names. */
  backendOf(request: Request): Promise<string | undefined>;
  /** The `Set-Cookie` that names a backend. */
  cookieFor(backendId: string): Promise<string>;
}

/** Undefined when clients need not stay where they were. */
export function openSessions({ config }: Context): Sessions | undefined {
  if (config.sticky !== true) return undefined;
  const key = importKey(String(config.cookieSecret));

  async function valueFor(backendId: string): Promise<string> {
    const bytes = new TextEncoder().encode(backendId);
    const signature = await crypto.subtle.sign("HMAC", await key, bytes);
    return `${backendId}.${new Uint8Array(signature).toHex()}`;
  }

  return {
    async backendOf({ headers }) {
      const value = cookieIn(headers);
      const backendId = value?.split(".")[0] ?? "";
      // What we would have given out ourselves, or nothing.
      return value === await valueFor(backendId) ? backendId : undefined;
    },
    async cookieFor(backendId) {
      const value = await valueFor(backendId);
      return `${NAME}=${value}; Path=/; HttpOnly; SameSite=Lax`;
    },
  };
}

/** Our own cookie is no business of the backend's. */
export function hideSession(headers: Headers): void {
  const others = cookiesIn(headers).filter((one) => !isOurs(one));
  if (others.length > 0) headers.set("cookie", others.join("; "));
  else headers.delete("cookie");
}

function cookieIn(headers: Headers): string | undefined {
  return cookiesIn(headers).find(isOurs)?.slice(NAME.length + 1);
}

function cookiesIn(headers: Headers): string[] {
  const line = headers.get("cookie");
  return line === null ? [] : line.split(";").map((one) => one.trim());
}

function isOurs(cookie: string): boolean {
  return cookie.startsWith(`${NAME}=`);
}

function importKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
}
