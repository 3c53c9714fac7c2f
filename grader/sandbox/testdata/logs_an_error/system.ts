import type { Context, System } from "@contract/system.ts";

export default function logsAnError({ log }: Context): System {
  return {
    async fetch() {
      try {
        return await answer();
      } catch (error) {
        log("request failed", { error });
        return new Response("no", { status: 500 });
      }
    },
  };
}

async function answer(): Promise<Response> {
  await Promise.resolve();
  throw new RangeError("too far");
}
