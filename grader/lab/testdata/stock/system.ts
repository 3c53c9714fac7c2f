/**
 * Sells `config.units`. `config.how` says how: by a conditional update, by looking first, or in a transaction that
 * asks the bank, if there is one; or how it sets up its table.
 */
import type { TransactionSql } from "postgres";
import type { Context, System } from "@contract/system.ts";

export default async function stock(
  { sql, config, upstreams }: Context,
): Promise<System> {
  await sql.begin(async (transaction) => {
    const isCareful = config.how !== "set_up_without_lock";
    if (config.how === "set_up_in_turn") await turnIn(transaction);
    else if (isCareful) await transaction`SELECT pg_advisory_xact_lock(1)`;
    if (config.how === "set_up_with_a_type") await typeOnce(transaction);
    await transaction`CREATE TABLE IF NOT EXISTS stock (id int PRIMARY KEY, units int NOT NULL)`;
    // Long enough for another set-up to meet this one, if it may.
    if (!isCareful) await transaction`SELECT pg_sleep(0.2)`;
    await transaction`INSERT INTO stock VALUES (1, ${
      Number(config.units)
    }) ON CONFLICT DO NOTHING`;
  });
  return {
    async fetch() {
      const isSold = await sell();
      return new Response(null, { status: isSold ? 200 : 409 });
    },
  };

  function sell(): Promise<boolean> {
    if (config.how === "select_then_update") return selectThenUpdate();
    if (config.how === "write_select_then_update") {
      return writeNothing().then(selectThenUpdate);
    }
    return config.how === "in_a_transaction"
      ? sql.begin(lockThenUpdate)
      : conditionalUpdate();
  }

  async function writeNothing(): Promise<void> {
    await sql`UPDATE stock SET units = 0 WHERE units < 0`;
  }

  async function selectThenUpdate(): Promise<boolean> {
    const [row] = await sql`SELECT units FROM stock WHERE id = 1`;
    if (row!.units < 1) return false;
    await sql`UPDATE stock SET units = units - 1 WHERE id = 1`;
    return true;
  }

  async function lockThenUpdate(transaction: TransactionSql): Promise<boolean> {
    const [row] = await transaction`SELECT units FROM stock FOR UPDATE`;
    if (row!.units < 1) return false;
    await upstreams.bank?.fetch("/");
    await transaction`UPDATE stock SET units = units - 1`;
    return true;
  }

  async function conditionalUpdate(): Promise<boolean> {
    const { count } =
      await sql`UPDATE stock SET units = units - 1 WHERE id = 1 AND units > 0`;
    return count === 1;
  }
}

/** A lock that nobody waits for inside of Postgres. */
async function turnIn(transaction: TransactionSql): Promise<void> {
  for (;;) {
    const [row] = await transaction`SELECT pg_try_advisory_xact_lock(1) AS got`;
    if (row!.got) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Made together with the table, so it is there exactly when the table is. */
async function typeOnce(transaction: TransactionSql): Promise<void> {
  const [row] = await transaction`SELECT to_regclass('stock') AS stock`;
  if (row!.stock === null) {
    await transaction`CREATE TYPE colour AS ENUM ('red')`;
  }
}
