/** Charges a card and books it. `config.how`: with a key that the bank remembers, or without. */
import type { Context, System } from "@contract/system.ts";

export default async function charges(context: Context): Promise<System> {
  const { sql, upstreams, config } = context;
  await sql`CREATE TABLE IF NOT EXISTS charges (order_id text PRIMARY KEY)`;
  return {
    async fetch(request) {
      const order = new URL(request.url).pathname.slice(1);
      const [booked] =
        await sql`SELECT 1 FROM charges WHERE order_id = ${order}`;
      if (booked) return new Response(null, { status: 200 });
      const key = config.how === "no_key" ? crypto.randomUUID() : order;
      await upstreams.bank!.fetch("/charges", {
        method: "POST",
        headers: { "idempotency-key": key },
      });
      await sql`INSERT INTO charges VALUES (${order}) ON CONFLICT DO NOTHING`;
      return new Response(null, { status: 201 });
    },
  };
}
