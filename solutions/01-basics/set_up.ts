import type { Sql, TransactionSql } from "postgres";

/**
 * Makes tables while other instances may be doing the same: `IF NOT EXISTS` alone fails when two look at the same
 * moment, so the second waits for the first.
 */
export async function setUp(
  sql: Sql,
  makeTables: (transaction: TransactionSql) => Promise<unknown>,
): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('set up'))`;
    await makeTables(transaction);
  });
}
