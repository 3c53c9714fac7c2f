/** Notes in the instance's own database. Those that arrive are told to the peers if `config.copies` says so. */
import type { Context, System } from "@contract/system.ts";

export default async function notes(context: Context): Promise<System> {
  const { sql, peers, config } = context;
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(1)`;
    await transaction`
      CREATE TABLE IF NOT EXISTS notes (
        text text PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now()
      )`;
  });
  return {
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const text = pathname.slice(1);
      if (request.method === "GET") {
        const rows = await sql`SELECT text FROM notes ORDER BY text`;
        return Response.json(rows.map((row) => row.text));
      }
      await sql`INSERT INTO notes (text) VALUES (${text}) ON CONFLICT DO NOTHING`;
      if (config.copies === true && search !== "?copy") {
        await Promise.allSettled(
          peers.map((peer) =>
            peer.fetch(`/${text}?copy`, {
              method: "PUT",
              signal: AbortSignal.timeout(1_000),
            })
          ),
        );
      }
      return new Response(null, { status: 204 });
    },
  };
}
