import type { Context } from "@contract/system.ts";

export default ({ config }: Context) => ({
  async fetch() {
    const port = Number(config.port);
    await Deno.connect({ hostname: "127.0.0.1", port });
    return new Response("connected");
  },
});
