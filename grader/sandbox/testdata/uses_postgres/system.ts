import type { Context } from "@contract/system.ts";

export default ({ sql }: Context) => ({
  async fetch(request: Request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/one") return Response.json(await sql`SELECT 1 AS one`);
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
