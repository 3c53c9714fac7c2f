import type { Sql, TransactionSql } from "postgres";

/** Makes tables when an instance starts. Other instances may be doing the same at this very moment. */
export async function setUp(
  sql: Sql,
  makeTables: (transaction: TransactionSql) => Promise<unknown>,
): Promise<void> {
  await sql.begin(async (transaction) => {
    // TODO 01.2: CREATE TABLE IF NOT EXISTS looks, then creates. What if two instances look at the same time?
    await makeTables(transaction);
  });
}
