/** A row with a cache in front. `config.how`: readers fill with SET (a late one overwrites), or with SET NX. */
import type { Context, System } from "@contract/system.ts";

export default async function cached(context: Context): Promise<System> {
  const { sql, redis, config } = context;
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(1)`;
    await transaction`CREATE TABLE IF NOT EXISTS item (value text NOT NULL)`;
    await transaction`INSERT INTO item SELECT 'old' WHERE NOT EXISTS (SELECT FROM item)`;
  });
  return {
    async fetch(request) {
      if (request.method === "PUT") {
        const value = await request.text();
        await sql`UPDATE item SET value = ${value}`;
        await redis.set("item", value);
        return new Response(null, { status: 204 });
      }
      const hit = await redis.get("item");
      if (hit !== null) return new Response(hit);
      const [row] = await sql`SELECT value FROM item`;
      const options = config.how === "set" ? {} : { NX: true } as const;
      await redis.set("item", row!.value, options);
      return new Response(row!.value);
    },
  };
}
