/** Sells `config.units`. `config.how` says how: by a conditional update, or by looking first, or set up carelessly. */
import type { Context, System } from "@contract/system.ts";

export default async function stock(
  { sql, config }: Context,
): Promise<System> {
  await sql.begin(async (transaction) => {
    const isCareful = config.how !== "set_up_without_lock";
    if (isCareful) await transaction`SELECT pg_advisory_xact_lock(1)`;
    await transaction`CREATE TABLE IF NOT EXISTS stock (id int PRIMARY KEY, units int NOT NULL)`;
    // Long enough for another set-up to meet this one, if it may.
    if (!isCareful) await transaction`SELECT pg_sleep(0.2)`;
    await transaction`INSERT INTO stock VALUES (1, ${
      Number(config.units)
    }) ON CONFLICT DO NOTHING`;
  });
  return {
    async fetch() {
      const isSold = config.how === "select_then_update"
        ? await selectThenUpdate()
        : await conditionalUpdate();
      return new Response(null, { status: isSold ? 200 : 409 });
    },
  };

  async function selectThenUpdate(): Promise<boolean> {
    const [row] = await sql`SELECT units FROM stock WHERE id = 1`;
    if (row!.units < 1) return false;
    await sql`UPDATE stock SET units = units - 1 WHERE id = 1`;
    return true;
  }

  async function conditionalUpdate(): Promise<boolean> {
    const { count } =
      await sql`UPDATE stock SET units = units - 1 WHERE id = 1 AND units > 0`;
    return count === 1;
  }
}
