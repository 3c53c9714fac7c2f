import type { ReservedSql, Sql } from "postgres";
import { openWriteGate } from "./settle.ts";
import {
  type WriteGate,
  WriteGateFailed,
  type WriteGateOptions,
} from "./types.ts";

/**
 * Holds every INSERT, UPDATE and DELETE on the tables of the schema `app` as they are now. Reads pass, and so
 * does SELECT … FOR UPDATE: its ROW SHARE lock goes well with SHARE. `admin` is a superuser's client of at least
 * two connections, past all proxies. Throws {@link WriteGateFailed} when somebody else holds the tables.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html
 */
export async function holdPostgresWrites(
  admin: Sql,
  options: WriteGateOptions = {},
): Promise<WriteGate> {
  // Sessions in an advisory lock are waiting too, and none of the gate's doing.
  const waitingBefore = await waitingSessions(admin);
  const holder = await admin.reserve();
  try {
    await lockTables(holder);
  } catch (error) {
    holder.release();
    throw error;
  }
  return openWriteGate({
    async waiting() {
      return Math.max(0, await waitingSessions(admin) - waitingBefore);
    },
    async release() {
      await holder.unsafe("ROLLBACK");
      holder.release();
    },
  }, options);
}

/**
 * Tries for short times only: whoever writes to one table and is about to write to another would form a
 * deadlock with us, and after a second Postgres would end either.
 */
async function lockTables(holder: ReservedSql): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    await holder.unsafe("BEGIN");
    try {
      await holder.unsafe(LOCK_ALL);
      return;
    } catch (error) {
      await holder.unsafe("ROLLBACK");
      const isTaken = error instanceof Error && "code" in error &&
        error.code === LOCK_NOT_AVAILABLE;
      if (!isTaken) throw error;
    }
  }
  throw new WriteGateFailed(
    `Could not hold the tables of schema app within ${
      ATTEMPTS_MAX * ATTEMPT_MS
    } ms: a transaction is writing to them`,
  );
}

async function waitingSessions(admin: Sql): Promise<number> {
  const [row] = await admin<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return row?.waiting ?? 0;
}

const ATTEMPTS_MAX = 20;
const ATTEMPT_MS = 50;
const LOCK_NOT_AVAILABLE = "55P03";
/** format's %I quotes the names. Partitions are locked with their parents. */
const LOCK_ALL = `
DO $$ DECLARE tables text; BEGIN
  SET LOCAL lock_timeout = '${ATTEMPT_MS}ms';
  SELECT string_agg(format('%I.%I', nspname, relname), ', ' ORDER BY pg_class.oid) INTO tables
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'app' AND relkind IN ('r', 'p');
  IF tables IS NOT NULL THEN
    EXECUTE 'LOCK TABLE ' || tables || ' IN SHARE MODE';
  END IF;
END $$`;
