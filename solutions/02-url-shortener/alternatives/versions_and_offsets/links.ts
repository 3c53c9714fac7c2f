/** Links in Postgres: an advisory lock per code makes "look, then insert" safe; rendezvous hashing picks the shard. */
import type { Context } from "@contract/system.ts";
import type { Sql } from "postgres";
import type { Link } from "./link.ts";
import { ProblemError } from "./problem.ts";

const SHARD_DEADLINE_MS = 1500;

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
  const shards: Readonly<Record<string, Sql>> =
    Object.keys(context.shards).length === 0
      ? { main: context.sql }
      : context.shards;
  await Promise.all(Object.values(shards).map(createTable));

  /** The shard whose name, together with the code, hashes highest. */
  function databaseOf(code: string): Sql {
    const ranked = Object.keys(shards)
      .map((id) => ({ id, rank: hash(`${id} ${code}`) }))
      .sort((left, right) => right.rank - left.rank);
    return shards[ranked[0]!.id]!;
  }

  return {
    insert: ({ code, url, permanent, expiresAtMs }) =>
      withinDeadline(
        databaseOf(code).begin(async (transaction) => {
          await transaction`SELECT pg_advisory_xact_lock(hashtext(${code}))`;
          const taken = await transaction`
          SELECT 1 FROM links WHERE code = ${code}`;
          if (taken.length > 0) return false;
          await transaction`
          INSERT INTO links ${
            transaction({ code, url, permanent, expires: expiresAtMs ?? null })
          }`;
          return true;
        }),
      ) as Promise<boolean>,
    async find(code) {
      const [row] = await withinDeadline(databaseOf(code)`
        SELECT url, permanent, expires, gone FROM links WHERE code = ${code}`);
      if (row === undefined) return { status: "unknown" };
      const expiresAtMs = row.expires === null
        ? undefined
        : Number(row.expires);
      if (row.gone || (expiresAtMs ?? Infinity) <= context.clock.now()) {
        return { status: "gone" };
      }
      const { url, permanent } = row;
      return { status: "live", link: { code, url, permanent, expiresAtMs } };
    },
    async remove(code) {
      const rows = await withinDeadline(databaseOf(code)`
        UPDATE links SET gone = true WHERE code = ${code} AND NOT gone
        RETURNING code`);
      return rows.length === 1;
    },
  };
}

async function createTable(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(1)`;
    await transaction`
      CREATE TABLE IF NOT EXISTS links (
        code text NOT NULL,
        url text NOT NULL,
        permanent boolean NOT NULL,
        expires bigint,
        gone boolean NOT NULL DEFAULT false
      )`;
    await transaction`CREATE INDEX IF NOT EXISTS links_code ON links (code)`;
  });
}

/** FNV-1a with a last stir: the highest of several hashes must not depend on the first letters alone. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  value = Math.imul(value ^ value >>> 16, 0x85ebca6b) >>> 0;
  return (value ^ value >>> 13) >>> 0;
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
      "retry-after": "1",
    });
  } finally {
    clearTimeout(timer);
  }
}
