/** Links in Postgres: SERIALIZABLE makes "look, then insert" safe; whoever is rolled back tries again. */
import type { Context } from "@contract/system.ts";
import type { Sql } from "postgres";
import type { Link } from "./link.ts";
import { ProblemError } from "./problem.ts";

const SHARD_DEADLINE_MS = 1500;
const TRIES_MAX = 50;

export type Lookup =
  | { readonly status: "live"; readonly link: Link }
  | { readonly status: "gone" }
  | { readonly status: "unknown" };

export interface LinkStore {
  insert(link: Link): Promise<boolean>;
  find(code: string): Promise<Lookup>;
  remove(code: string): Promise<boolean>;
}

export async function openLinkStore(context: Context): Promise<LinkStore> {
  const ids = Object.keys(context.shards).sort();
  const databases = ids.length === 0
    ? [context.sql]
    : ids.map((id) => context.shards[id]!);
  await Promise.all(databases.map(createTable));

  /** Sum of character codes times position: crude, but the same everywhere. */
  function databaseOf(code: string): Sql {
    const sum = [...code].reduce(
      (total, character, index) =>
        total + character.charCodeAt(0) * (index + 1) * 31,
      0,
    );
    return databases[Math.floor(sum / 7) % databases.length]!;
  }

  return {
    async insert(link) {
      const sql = databaseOf(link.code);
      for (let attempt = 1;; attempt++) {
        try {
          return await withinDeadline(insertOnce(sql, link));
        } catch (error) {
          if (!isConflict(error) || attempt === TRIES_MAX) throw error;
        }
      }
    },
    async find(code) {
      const [row] = await withinDeadline(databaseOf(code)<
        { body: Omit<Link, "code">; deleted: boolean }[]
      >`SELECT body, deleted FROM short_links WHERE name = ${code}`);
      if (row === undefined) return { status: "unknown" };
      const { body, deleted } = row;
      const isPast = (body.expiresAtMs ?? Infinity) <= context.clock.now();
      return deleted || isPast
        ? { status: "gone" }
        : { status: "live", link: { ...body, code } };
    },
    async remove(code) {
      const { count } = await withinDeadline(databaseOf(code)`
        UPDATE short_links SET deleted = true
        WHERE name = ${code} AND NOT deleted`);
      return count === 1;
    },
  };
}

async function insertOnce(sql: Sql, link: Link): Promise<boolean> {
  const { code, ...body } = link;
  return await sql.begin(
    "ISOLATION LEVEL SERIALIZABLE",
    async (transaction) => {
      const taken = await transaction`
      SELECT 1 FROM short_links WHERE name = ${code}`;
      if (taken.length > 0) return false;
      await transaction`
      INSERT INTO short_links (name, body)
      VALUES (${code}, ${transaction.json(body as never)})`;
      return true;
    },
  ) as boolean;
}

/** Serialization failure, deadlock, or the unique index that was faster than both. */
function isConflict(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return ["40001", "40P01", "23505"].includes(code);
}

async function createTable(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(1)`;
    await transaction`
      CREATE TABLE IF NOT EXISTS short_links (
        name text PRIMARY KEY,
        body jsonb NOT NULL,
        deleted boolean NOT NULL DEFAULT false
      )`;
  });
}

async function withinDeadline<T>(query: Promise<T>): Promise<T> {
  const away = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => away.reject(new Error("no answer in time")),
    SHARD_DEADLINE_MS,
  );
  try {
    return await Promise.race([query, away.promise]);
  } catch (error) {
    if (error instanceof Error && error.name === "PostgresError") throw error;
    throw new ProblemError(503, "shard_unavailable", "This shard is away", {
      "retry-after": "2",
    });
  } finally {
    clearTimeout(timer);
  }
}
