/** Says what time it is, everywhere that an instance can look. */
import type { Context, System } from "@contract/system.ts";

export default function clockReader({ clock, sql, redis }: Context): System {
  let isAwake = false;
  let tears = 0;
  /** Asks the stores without a pause. Whoever answers is never ahead of the own clock. */
  async function compare(askStore: () => Promise<number>) {
    while (true) if (await askStore() > Date.now()) tears++;
  }
  const askRedis = async () => Number(await redis.get("kit:now"));
  const askPostgres = async () => {
    const [row] = await sql`SELECT now() AS now`;
    return row!.now.getTime();
  };
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/awake") return Response.json(isAwake);
      if (pathname === "/tears") return Response.json(tears);
      if (pathname === "/compare") {
        compare(askRedis);
        compare(askPostgres);
        return new Response();
      }
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
        redis: await askRedis(),
      });
    },
  };
}
