/** A cookie that says which backend a client belongs to. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

export interface Sessions {
  /** The backend that a cookie of ours names. */
  backendOf(request: Request): Promise<string | undefined>;
  /** The `Set-Cookie` that names a backend. */
  cookieFor(backendId: string): Promise<string>;
}

/** Undefined when clients need not stay where they were. */
export function openSessions({ config }: Context): Sessions | undefined {
  if (config.sticky !== true) return undefined;
  const toBuild = () => {
    throw notImplemented(
      "06.4 Session persistence",
      "give out cookies in sessions.ts, and go by them in forward.ts",
    );
  };
  return { backendOf: toBuild, cookieFor: toBuild };
}

/** Our own cookie is no business of the backend's. */
export function hideSession(_headers: Headers): void {
  // TODO 06.4: take lb out of the Cookie header, and leave the others.
}
