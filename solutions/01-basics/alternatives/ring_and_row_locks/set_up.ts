import type { Sql, TransactionSql } from "postgres";

const ATTEMPTS_MAX = 5;

/** Tries again when another instance was faster: the second time the tables are there. */
export async function setUp(
  sql: Sql,
  makeTables: (transaction: TransactionSql) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      await sql.begin(makeTables);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
