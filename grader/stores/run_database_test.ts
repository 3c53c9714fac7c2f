import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Sql } from "postgres";
import { connectStores, type StoresClient } from "./connect_stores.ts";
import { openPostgres } from "./open_postgres.ts";
import type { RunDatabase } from "./run_database.ts";
import { startStores, type Stores } from "./start_stores.ts";

describe("createDatabase()", () => {
  let stores: Stores;
  let client: StoresClient;
  let database: RunDatabase;
  let sql: Sql;
  let admin: Sql;

  before(async () => {
    stores = await startStores();
    client = connectStores(stores.address);
    database = await client.createDatabase();
    sql = database.ownerSql({ max: 2 });
    admin = database.adminSql();
  });
  after(async () => {
    await Promise.all([sql.end(), admin.end()]);
    await client[Symbol.asyncDispose]();
    await stores[Symbol.asyncDispose]();
  });

  it("puts plain now(), also as a default, on the virtual clock", async () => {
    await sql`CREATE TABLE links (id int, made timestamptz DEFAULT now())`;
    await admin`UPDATE kit.clock SET at = '2031-05-06 07:08:09.123Z'`;
    await sql`INSERT INTO links VALUES (1)`;
    const [row] = await sql`
      SELECT made, now() AS now, clock_timestamp() AS clock,
        clock_timestamp() - interval '1 day' < now() AS is_comparable,
        schemaname FROM links, pg_tables WHERE tablename = 'links'`;
    const time = new Date("2031-05-06T07:08:09.123Z");
    expect(row).toEqual({
      made: time,
      now: time,
      clock: time,
      is_comparable: true,
      schemaname: "app",
    });
  });

  it("asks nobody who connects for thousands of rounds", async () => {
    const roles = await admin<{ rounds: string }[]>`
      SELECT substring(rolpassword FROM '\\$(\\d+):') AS rounds FROM pg_authid
      WHERE rolpassword IS NOT NULL`;
    // The superuser's and the run's.
    expect(roles.map(({ rounds }) => rounds)).toEqual(["1", "1"]);
  });

  it("lets an index serve a comparison with now()", async () => {
    await sql`CREATE TABLE due (at timestamptz PRIMARY KEY)`;
    await sql`SET enable_seqscan = off`;
    const plan = await sql`EXPLAIN SELECT FROM due WHERE at < now()`;
    expect(plan.map((line) => line["QUERY PLAN"]).join("\n"))
      .toContain("Index Cond: (at < ");
  });

  const forbidden: Record<string, string> = {
    "move the clock": `UPDATE kit.clock SET at = '2001-01-01'`,
    "redefine now()":
      `CREATE OR REPLACE FUNCTION kit.now() RETURNS timestamptz RETURN '2001-01-01'::timestamptz`,
    "drop the clock": `DROP SCHEMA kit CASCADE`,
    "run a program": `COPY (SELECT 1) TO PROGRAM 'id'`,
    "read a file": `SELECT pg_read_file('/etc/passwd')`,
    "write a file": `COPY (SELECT 1) TO '/tmp/owned'`,
    "change the server": `ALTER SYSTEM SET fsync = on`,
    "read password hashes": `SELECT * FROM pg_authid`,
    "become somebody else": `SET ROLE trestle`,
    "make a role": `CREATE ROLE friend LOGIN`,
    "make a database": `CREATE DATABASE another`,
    "stop the server's other clients":
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'trestle'`,
    "load a language that runs anything": `CREATE EXTENSION plpython3u`,
  };
  for (const [misdeed, statement] of Object.entries(forbidden)) {
    it(`does not let the learner ${misdeed}`, async () => {
      await expect(sql.unsafe(statement)).rejects.toThrow(
        /permission denied|must be owner|not available/,
      );
    });
  }

  it("lets the learner use contrib's extensions", async () => {
    await sql`CREATE EXTENSION pg_trgm`;
    await sql`CREATE EXTENSION btree_gist`;
    const [row] = await sql`SELECT similarity('word', 'words') > 0.5 AS close`;
    expect(row!.close).toBe(true);
  });

  for (const target of ["postgres", "template1", "another run's database"]) {
    it(`does not let the learner connect to ${target}`, async () => {
      const other = await client.createDatabase();
      await using login = openPostgres({
        ...stores.address.postgres,
        user: database.user,
        password: database.password,
        database: target.includes("another") ? other.name : target,
      });
      await expect(login.sql`SELECT 1`).rejects.toThrow("no pg_hba.conf entry");
    });
  }

  it("asks even the superuser for a password", async () => {
    await using login = openPostgres({
      ...stores.address.postgres,
      user: stores.address.postgres.superuser,
      password: "guessed",
      database: database.name,
    });
    await expect(login.sql`SELECT 1`).rejects.toThrow("authentication failed");
  });

  it("bounds the learner's connections", async () => {
    const { user } = database;
    const [role] = await admin`
      SELECT rolconnlimit FROM pg_roles WHERE rolname = ${user}`;
    expect(role!.rolconnlimit).toBe(40);
  });

  it("runs the lab's queries without the learner's functions", async () => {
    await sql.unsafe(
      `CREATE FUNCTION app.length(int) RETURNS int RETURN 666;
       CREATE FUNCTION app.shadowed() RETURNS int RETURN 666`,
    );
    await expect(admin`SELECT length(1)`).rejects.toThrow("does not exist");
    await expect(admin`SELECT shadowed()`).rejects.toThrow("does not exist");
  });

  it("goes away with its role, whoever is still connected", async () => {
    const doomed = await client.createDatabase();
    const visitor = doomed.ownerSql();
    await visitor`SELECT 1`;
    await doomed.drop();
    const [left] = await admin`
      SELECT (SELECT count(*) FROM pg_database WHERE datname = ${doomed.name})
        + (SELECT count(*) FROM pg_roles WHERE rolname = ${doomed.name}) AS n`;
    expect(Number(left!.n)).toBe(0);
    await visitor.end();
  });

  it("ends a table that grows without end, and nothing else", async () => {
    await sql`CREATE TABLE flood (t text)`;
    await expect(sql`
      INSERT INTO flood SELECT repeat('x', 2000) FROM generate_series(1, 200000)
    `).rejects.toThrow("File too large");
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  });
});
