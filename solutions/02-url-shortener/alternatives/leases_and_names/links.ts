/** Links in Postgres. A name is taken for ever, by a row that stays; its link is a row that may go. */
import type { Context } from "@contract/system.ts";
import type { Sql } from "postgres";
import type { Link } from "./link.ts";
import { ProblemError } from "./problem.ts";

const SHARD_DEADLINE_MS = 1200;
const SET_UP_TRIES = 5;
/** Postgres' word for a key that is there already. */
const TAKEN = "23505";

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
  await Promise.all(databases.map(createTables));

  const databaseOf = (code: string) =>
    databases[jump(hash(code), databases.length)]!;

  return {
    async insert({ code, url, permanent, expiresAtMs }) {
      const sql = databaseOf(code);
      try {
        await withinDeadline(sql.begin(async (transaction) => {
          await transaction`INSERT INTO names VALUES (${code})`;
          await transaction`
            INSERT INTO targets VALUES
              (${code}, ${url}, ${permanent}, ${expiresAtMs ?? null})`;
        }));
        return true;
      } catch (error) {
        if ((error as { code?: string }).code === TAKEN) return false;
        throw error;
      }
    },
    async find(code) {
      const [row] = await withinDeadline(databaseOf(code)`
        SELECT url, permanent, ends FROM names LEFT JOIN targets USING (name)
        WHERE name = ${code}`);
      if (row === undefined) return { status: "unknown" };
      const { url, permanent } = row;
      const expiresAtMs = row.ends === null ? undefined : Number(row.ends);
      const isOver = (expiresAtMs ?? Infinity) <= context.clock.now();
      return url === null || isOver
        ? { status: "gone" }
        : { status: "live", link: { code, url, permanent, expiresAtMs } };
    },
    async remove(code) {
      const { count } = await withinDeadline(databaseOf(code)`
        DELETE FROM targets WHERE name = ${code}`);
      return count === 1;
    },
  };
}

/** Where two instances meet, one fails and finds the tables there the next time. */
async function createTables(sql: Sql): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      await sql`CREATE TABLE IF NOT EXISTS names (name text PRIMARY KEY)`;
      await sql`
        CREATE TABLE IF NOT EXISTS targets (
          name text PRIMARY KEY REFERENCES names,
          url text NOT NULL,
          permanent boolean NOT NULL,
          ends bigint
        )`;
      return;
    } catch (error) {
      if (attempt === SET_UP_TRIES) throw error;
    }
  }
}

/**
 * Jump consistent hash: a shard more takes its share from all others alike, and there is no ring to keep.
 *
 * @see Lamping and Veach, "A fast, minimal memory, consistent hash algorithm", 2014
 */
function jump(key: number, buckets: number): number {
  let state = BigInt(key);
  let bucket = 0;
  for (let next = 0; next < buckets;) {
    bucket = next;
    state = (state * 2862933555777941757n + 1n) & 0xffff_ffff_ffff_ffffn;
    next = Math.floor((bucket + 1) * (2 ** 31 / (Number(state >> 33n) + 1)));
  }
  return bucket;
}

/** FNV-1a, 32 bit. */
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
    if (error instanceof Error && error.name === "PostgresError") throw error;
    throw new ProblemError(503, "shard_unavailable", "This shard is away", {
      "retry-after": "1",
    });
  } finally {
    clearTimeout(timer);
  }
}
