/** Tables of the broker. Due times are columns: whatever waits, waits in here, and survives every process. */
import type { Context } from "@contract/system.ts";

/** Instances start together: the lock makes the second wait instead of failing half-way. */
export async function createTables({ sql }: Context): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('broker'))`;
    await transaction.unsafe(TABLES);
    await transaction.unsafe(TAKE);
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

/** Goes from message to message, past those that others have locked, until it has taken enough. */
const TAKE = `
  CREATE OR REPLACE FUNCTION take_messages(of_queue text, at_most int)
  RETURNS SETOF messages LANGUAGE plpgsql AS $$
  DECLARE
    taken messages;
    lease interval;
    bound int;
  BEGIN
    SELECT visibility_ms * interval '1 ms', max_attempts INTO lease, bound
      FROM queues WHERE name = of_queue;
    FOR taken IN
      SELECT * FROM messages
      WHERE queue = of_queue AND visible_at <= now()
        AND (bound IS NULL OR attempts < bound)
      ORDER BY rank_ms, seq LIMIT at_most
      FOR UPDATE SKIP LOCKED
    LOOP
      -- What cannot die needs no history: it would grow for ever.
      IF taken.receipt IS NOT NULL AND bound IS NOT NULL THEN
        taken.history := taken.history ||
          jsonb_build_object('attempt', taken.attempts, 'outcome', 'expired');
      END IF;
      taken.attempts := taken.attempts + 1;
      taken.receipt := gen_random_uuid();
      UPDATE messages SET attempts = taken.attempts, receipt = taken.receipt,
        history = taken.history, visible_at = now() + lease
      WHERE seq = taken.seq;
      RETURN NEXT taken;
    END LOOP;
  END $$`;
