import type { Context } from "@contract/system.ts";

export default ({ sql }: Context) => ({
  async fetch(request: Request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/one") return Response.json(await sql`SELECT 1 AS one`);
    // Each row is more than the server keeps back, so it comes by itself.
    if (pathname === "/slow-rows") {
      return Response.json(
        await sql`SELECT repeat('x', 10000), pg_sleep(0.02)
          FROM generate_series(1, 1000)`,
      );
    }
    const ids = ["a", 'b "c"'];
    const [row] = await sql`
      SELECT ${[1, 2]}::int[] AS numbers, ${ids}::text[] AS words,
             'b "c"' = ANY (${ids}) AS found, '{}'::bigint[] AS none,
             ${sql.array([new Date(0)], 1184)} AS times,
             ${sql.json({ a: [1] })} AS document
    `;
    return Response.json(row);
  },
});
