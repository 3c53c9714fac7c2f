/** Reads `config.trips` keys one after the other, or a row by `config.how`: with an index, or without. */
import type { Context, System } from "@contract/system.ts";

export default async function trips(context: Context): Promise<System> {
  const { redis, sql, config } = context;
  await sql.begin(async (transaction) => {
    // IF NOT EXISTS alone fails when two instances start at the same moment.
    await transaction`SELECT pg_advisory_xact_lock(1)`;
    await transaction`CREATE TABLE IF NOT EXISTS words (id int, word text)`;
    if (config.how !== "no_index") {
      await transaction`CREATE INDEX IF NOT EXISTS words_id ON words (id)`;
    }
  });
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/word") {
        return Response.json(await sql`SELECT word FROM words WHERE id = 7`);
      }
      for (let trip = 0; trip < Number(config.trips); trip++) {
        await redis.get(`key:${trip}`);
      }
      return new Response();
    },
  };
}
