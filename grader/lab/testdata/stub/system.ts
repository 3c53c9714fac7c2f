/** What every stub answers before its stage is built. */
import type { System } from "@contract/system.ts";

export default function stub(): System {
  return {
    fetch: () =>
      Response.json({
        type: "about:blank",
        title: "Not implemented",
        status: 501,
        code: "not_implemented",
        detail: "Stage 03.1: build the fixed window in limiter.ts",
      }, { status: 501 }),
  };
}
