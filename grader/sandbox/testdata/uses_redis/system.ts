import type { Context } from "@contract/system.ts";

export default ({ redis }: Context) => ({
  async fetch() {
    const startedAt = performance.now();
    try {
      return new Response(`count ${await redis.incr("count")}`);
    } catch (error) {
      const isFast = performance.now() - startedAt < 100;
      return new Response(`${(error as Error).name}, fast: ${isFast}`);
    }
  },
});
