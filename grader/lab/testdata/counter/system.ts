/** Admits `limit` requests. `config.how` says how it counts: in one step, or by reading and then writing. */
import type { Context, System } from "@contract/system.ts";

export default function counter({ redis, config }: Context): System {
  return {
    async fetch() {
      const count = config.how === "get_then_set"
        ? await getThenSet()
        : await redis.incr("count");
      return new Response(null, {
        status: count <= Number(config.limit) ? 200 : 429,
      });
    },
  };

  async function getThenSet(): Promise<number> {
    const count = Number(await redis.get("count") ?? 0) + 1;
    await redis.set("count", count);
    return count;
  }
}
