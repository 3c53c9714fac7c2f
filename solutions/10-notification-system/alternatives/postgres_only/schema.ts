/** The tables. */
import type { Sql } from "postgres";

/** Two instances start together: the lock makes the second wait instead of failing half-way. */
export async function createTables(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('tables'))`;
    await transaction.unsafe(TABLES);
  });
}

/**
 * A delivery is one notification on one channel, and at the same time an entry of the queue. `due_at` is the moment
 * from which somebody may take it: when it was accepted or is to be sent, when quiet hours or a back-off are over,
 * when the lease of whoever has taken it runs out. One column, one index, and nothing is lost with a process.
 * What belongs to a broadcast has no `dedupe_key` of its own, so that no caller can meet it.
 */
const TABLES = `
  CREATE TABLE IF NOT EXISTS templates (
    name text, locale text, version integer, content jsonb NOT NULL,
    PRIMARY KEY (name, locale, version)
  );
  CREATE TABLE IF NOT EXISTS preferences (
    user_id text PRIMARY KEY, preferences jsonb NOT NULL
  );
  CREATE TABLE IF NOT EXISTS caps (
    user_id text, day text, counted text[] NOT NULL,
    PRIMARY KEY (user_id, day)
  );
  CREATE TABLE IF NOT EXISTS pace (
    channel text PRIMARY KEY, second bigint NOT NULL, used integer NOT NULL,
    granted integer NOT NULL
  );
  CREATE TABLE IF NOT EXISTS broadcasts (
    id text PRIMARY KEY, dedupe_key text NOT NULL UNIQUE,
    fingerprint text NOT NULL, total integer NOT NULL
  );
  CREATE TABLE IF NOT EXISTS notifications (
    id text PRIMARY KEY,
    user_id text NOT NULL,
    priority text NOT NULL,
    template jsonb NOT NULL,
    dedupe_key text,
    fingerprint text NOT NULL,
    broadcast_id text,
    UNIQUE (user_id, dedupe_key)
  );
  CREATE INDEX IF NOT EXISTS of_broadcast ON notifications (broadcast_id);
  CREATE TABLE IF NOT EXISTS deliveries (
    id bigserial PRIMARY KEY,
    notification_id text NOT NULL REFERENCES notifications,
    position integer NOT NULL,
    user_id text NOT NULL,
    channel text NOT NULL,
    rank integer NOT NULL,
    message jsonb NOT NULL,
    status text NOT NULL,
    reason text,
    attempts integer NOT NULL DEFAULT 0,
    claims integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    events jsonb NOT NULL,
    UNIQUE (notification_id, position)
  );
  CREATE INDEX IF NOT EXISTS queue ON deliveries (channel, rank, due_at, id)
    WHERE status = 'queued';
  CREATE INDEX IF NOT EXISTS dead ON deliveries (id) WHERE status = 'failed'`;
