/** Tables of the broker. Due times are columns: whatever waits, waits in here, and survives every process. */
import type { Context } from "@contract/system.ts";

/** Instances start together: the lock makes the second wait instead of failing half-way. */
export async function createTables({ sql }: Context): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('broker'))`;
    await transaction.unsafe(TABLES);
  });
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS queues (
    name text PRIMARY KEY,
    visibility_ms int NOT NULL,
    max_attempts int,
    dlq text REFERENCES queues,
    backoff_ms int NOT NULL
  );
  CREATE TABLE IF NOT EXISTS messages (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    queue text NOT NULL,
    -- As a JSON string: text cannot hold U+0000, and a body may.
    body text NOT NULL,
    -- When it was due first, set back by one step for each priority: the smallest goes first.
    rank_ms bigint NOT NULL,
    -- In the future while it is delayed, in flight, or backing off.
    visible_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    -- Of the delivery under way, or of the last one if that ran out.
    receipt text UNIQUE,
    history jsonb NOT NULL DEFAULT '[]',
    -- The queue that it came from, while it is among the dead letters.
    home text
  );
  CREATE INDEX IF NOT EXISTS next_message ON messages (queue, rank_ms, seq);
  CREATE TABLE IF NOT EXISTS dedup (
    queue text,
    dedup_id text,
    message_id text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (queue, dedup_id)
  );
  CREATE TABLE IF NOT EXISTS orders (
    id text PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    email text NOT NULL,
    status text NOT NULL DEFAULT 'placed'
  )`;
