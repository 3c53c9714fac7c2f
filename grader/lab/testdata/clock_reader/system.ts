/** Says what time it is, everywhere that an instance can look. */
import type { Context, System } from "@contract/system.ts";

export default function clockReader({ clock, sql, redis }: Context): System {
  let isAwake = false;
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/awake") return Response.json(isAwake);
      if (pathname === "/sleep") {
        clock.sleepUntil(clock.now() + 60_000).then(() => isAwake = true);
        return new Response();
      }
      const [row] = await sql`SELECT now() AS now, clock_timestamp() AS clock`;
      return Response.json({
        clock: clock.now(),
        date: Date.now(),
        newDate: new Date().getTime(),
        postgres: row!.now.getTime(),
        postgresClock: row!.clock.getTime(),
        redis: Number(await redis.get("kit:now")),
      });
    },
  };
}
