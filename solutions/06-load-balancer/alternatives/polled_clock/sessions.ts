/** Sessions in Redis: the cookie is a name that nobody can guess, and what it means is stored. */
import type { Context } from "@contract/system.ts";

/** So long after its last request a session ends by itself. */
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
      if (id === undefined) return undefined;
      // Without Redis there are no sessions, and everybody is served all the same.
      const key = `session:${id}`;
      const backendId = await redis.getEx(key, { type: "EX", value: KEPT_SEC })
        .catch(() => null);
      return backendId ?? undefined;
    },
    async cookieFor(backendId) {
      const id = crypto.randomUUID();
      await redis.set(`session:${id}`, backendId, { EX: KEPT_SEC })
        .catch(() => {});
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
