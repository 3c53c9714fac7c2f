import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startTestCluster, type TestCluster } from "../testing/test_cluster.ts";
import { connect } from "./connect.ts";
import { migrate } from "./migrate.ts";

describe("migrate()", () => {
  let cluster: TestCluster;
  before(async () => cluster = await startTestCluster());
  after(() => cluster[Symbol.asyncDispose]());

  it("does nothing to a database of this version", async () => {
    await using database = await cluster.createDatabase();
    await using client = open(database.address);
    expect(await migrate(client.sql, database.address)).toEqual([]);
  });

  it("lets two servers that start at once take turns", async () => {
    await using database = await cluster.createDatabase({ isEmpty: true });
    await using first = open(database.address);
    await using second = open(database.address);
    const fresh = await Promise.all([
      migrate(first.sql, database.address),
      migrate(second.sql, database.address),
    ]);
    expect(fresh.map((names) => names.length > 0).sort()).toEqual([
      false,
      true,
    ]);
  });

  it("leaves no half of a migration and no lock behind when one fails", async () => {
    await using database = await cluster.createDatabase({ isEmpty: true });
    await using client = open(database.address);
    const { sql } = client;
    // In the way of the second migration.
    await sql`CREATE SCHEMA trestle`;
    await sql`CREATE TABLE trestle.stage_progress ()`;
    await expect(migrate(sql, database.address)).rejects.toThrow(
      /stage_progress/,
    );
    const [state] = await sql`
      SELECT to_regclass('trestle.person') IS NOT NULL AS has_first,
        to_regclass('trestle.bundle') IS NOT NULL AS has_second,
        (SELECT count(*)::integer FROM pg_locks WHERE locktype = 'advisory') AS locks`;
    expect(state).toEqual({ has_first: true, has_second: false, locks: 0 });

    await sql`DROP TABLE trestle.stage_progress`;
    expect(await migrate(sql, database.address)).not.toContain(
      "001_people.sql",
    );
  });
});

function open(address: Parameters<typeof connect>[0]) {
  const sql = connect(address);
  return { sql, [Symbol.asyncDispose]: () => sql.end() };
}
