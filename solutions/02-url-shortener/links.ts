/** The links themselves, in Postgres: one database, or one of several shards chosen by the code. */
import type { Context } from "@contract/system.ts";
import type { Sql } from "postgres";
import type { Link } from "./link.ts";
import { ProblemError } from "./problem.ts";

/** A shard that has not answered by then is away: its codes get a 503, the others never notice. */
const SHARD_DEADLINE_MS = 1000;

/** What is known of a code. A code that is gone is never given out again. */
export type Lookup =
  | { readonly status: "live"; readonly link: Link }
  | { readonly status: "gone" }
  | { readonly status: "unknown" };

export interface LinkStore {
  /** False when the code is taken; the unique index is the judge. */
  insert(link: Link): Promise<boolean>;
  find(code: string): Promise<Lookup>;
  /** False when there was no such link. */
  remove(code: string): Promise<boolean>;
}

export async function openLinkStore(context: Context): Promise<LinkStore> {
  const shards = Object.keys(context.shards).sort()
    .map((id) => context.shards[id]!);
  const databases = shards.length === 0 ? [context.sql] : shards;
  await Promise.all(databases.map(createTable));

  const databaseOf = (code: string) =>
    databases[hash(code) % databases.length]!;

  return {
    async insert({ code, url, permanent, expiresAtMs }) {
      const expiresAt = expiresAtMs === undefined
        ? null
        : new Date(expiresAtMs);
      const rows = await withinDeadline(
        databaseOf(code)`
          INSERT INTO links (code, url, permanent, expires_at)
          VALUES (${code}, ${url}, ${permanent}, ${expiresAt})
          ON CONFLICT DO NOTHING RETURNING code`,
      );
      return rows.length === 1;
    },
    async find(code) {
      const [row] = await withinDeadline(
        databaseOf(code)`
          SELECT url, permanent, expires_at, deleted_at FROM links
          WHERE code = ${code}`,
      );
      return row === undefined
        ? { status: "unknown" }
        : lookupOf(code, row, context.clock.now());
    },
    async remove(code) {
      const rows = await withinDeadline(
        databaseOf(code)`
          UPDATE links SET deleted_at = now()
          WHERE code = ${code} AND deleted_at IS NULL RETURNING code`,
      );
      return rows.length === 1;
    },
  };
}

/** Instances start together: the lock makes the second wait instead of failing half-way. */
async function createTable(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('links'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS links (
        code text PRIMARY KEY,
        url text NOT NULL,
        permanent boolean NOT NULL,
        expires_at timestamptz,
        deleted_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      )`;
  });
}

function lookupOf(
  code: string,
  // deno-lint-ignore no-explicit-any -- a row as the driver gives it
  row: any,
  nowMs: number,
): Lookup {
  const expiresAtMs: number | undefined = row.expires_at?.getTime();
  if (row.deleted_at !== null || (expiresAtMs ?? Infinity) <= nowMs) {
    return { status: "gone" };
  }
  const { url, permanent } = row;
  return { status: "live", link: { code, url, permanent, expiresAtMs } };
}

/** FNV-1a, 32 bit: the same on every instance, spreads short strings well. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
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
    // An answer of the database's is a bug of ours; anything else means that it is away.
    if (error instanceof Error && error.name === "PostgresError") throw error;
    throw new ProblemError(
      503,
      "shard_unavailable",
      "The database that holds this link is away",
      { "retry-after": "1" },
    );
  } finally {
    clearTimeout(timer);
  }
}
