/** Sessions in Redis: the cookie is a name that nobody can guess, and what it means is stored. */
import type { Context } from "@contract/system.ts";

/** A session that was moved or left ends by itself. */
const KEPT_SEC = 7 * 86_400;

export interface Sessions {
  backendOf(request: Request): Promise<string | undefined>;
  cookieFor(backendId: string): Promise<string>;
}

export function openSessions(
  { config, redis }: Context,
): Sessions | undefined {
  if (config.sticky !== true) return undefined;
  return {
    async backendOf({ headers }) {
      const line = headers.get("cookie") ?? "";
      const [, id] = /(?:^|;\s*)lb=([0-9a-f-]{36})(?:;|$)/.exec(line) ?? [];
      return id && await redis.get(`session:${id}`) || undefined;
    },
    async cookieFor(backendId) {
      const id = crypto.randomUUID();
      await redis.set(`session:${id}`, backendId, { EX: KEPT_SEC });
      return `lb=${id}; Path=/; HttpOnly; SameSite=Lax`;
    },
  };
}

export function hideSession(headers: Headers): void {
  const line = headers.get("cookie") ?? "";
  const others = line.split(/;\s*/).filter((one) => !one.startsWith("lb="));
  headers.delete("cookie");
  if (others.some((one) => one !== "")) {
    headers.set("cookie", others.join("; "));
  }
}
