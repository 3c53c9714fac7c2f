import type { Context, System } from "@contract/system.ts";

export default function sample({ config }: Context): System {
  return { fetch: () => Response.json({ limit: config.limit }) };
}
