/** Who may pass: 401 for whoever does not say who they are, 403 for whom it is not meant. */
import type { Context } from "@contract/system.ts";
import { type Caller, openTokens } from "./tokens.ts";

export interface Access {
  /** Throws the 400, 401 or 403. */
  admit(request: Request): Promise<Caller>;
}

/** Undefined when everybody may pass. */
export function openAccess({ config, clock }: Context): Access | undefined {
  if (config.auth !== true) return undefined;
  const callerOf = openTokens({
    secret: String(config.jwtSecret),
    audience: String(config.jwtAudience),
    now: clock.now,
  });
  return {
    async admit(_request) {
      // TODO 06.8: the bearer token, then the roles that config.roles asks for.
      return (await callerOf(""))!;
    },
  };
}
