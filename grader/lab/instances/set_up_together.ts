import type { Sql } from "postgres";
import { CheckFailure, Inconclusive } from "../expect/check_failure.ts";
import { eventually } from "../expect/eventually.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { LearnerExit } from "./learner_exit.ts";
import type { RunningInstance } from "./running_instance.ts";

/** Where a system's tables are. */
const SCHEMA = "app";
/** From a kill until an instance waits for its first table; a host was started ahead. */
const MEET_MS_MAX = 5_000;

/**
 * Boots all instances anew on an empty database, and brings them to the same line: a transaction of ours has created
 * every table that there was and has not committed, so whoever creates one waits. Once all wait, for us or for each
 * other, ours is rolled back and they race on. Whoever keeps the others waiting in another way, in a loop or by a lock
 * elsewhere, is let go when nobody has joined them for so long that nobody will.
 */
export async function setUpTogether(
  { sql, instances, evidence }: {
    /** With the learner's own rights. */
    readonly sql: Sql;
    readonly instances: readonly RunningInstance[];
    readonly evidence: Evidence;
  },
): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name
    FROM pg_tables WHERE schemaname = ${SCHEMA}`;
  if (tables.length === 0) {
    throw new Inconclusive("There are no tables to set up");
  }
  const names = tables.map(({ name }) => name);
  await Promise.all(instances.map((instance) => instance.kill()));
  await sql.unsafe(`DROP TABLE ${names.join(", ")} CASCADE`);
  await dropTheRest(sql);
  evidence.note("fault", "all tables are gone; all instances start at once");

  const blocker = await sql.reserve();
  let booted: Promise<PromiseSettledResult<void>[]>;
  try {
    await blocker`BEGIN`;
    for (const name of names) await blocker.unsafe(`CREATE TABLE ${name} ()`);
    booted = Promise.allSettled(
      instances.map((instance) => instance.restart()),
    );
    await Promise.race([booted, allWait(sql, instances.length)]);
  } finally {
    await blocker`ROLLBACK`;
    blocker.release();
  }
  for (const outcome of await booted) {
    if (outcome.status === "rejected") throw asBrokenPromise(outcome.reason);
  }
}

/** What a set-up may have made beside tables, and would find again. */
async function dropTheRest(sql: Sql): Promise<void> {
  const rest = await sql<{ what: string }[]>`
    SELECT 'ROUTINE ' || oid::regprocedure AS what FROM pg_proc
    WHERE pronamespace = ${SCHEMA}::regnamespace
    UNION ALL
    SELECT 'TYPE ' || oid::regtype FROM pg_type
    WHERE typnamespace = ${SCHEMA}::regnamespace AND typtype IN ('d', 'e')
    UNION ALL
    SELECT 'SEQUENCE ' || oid::regclass FROM pg_class
    WHERE relnamespace = ${SCHEMA}::regnamespace AND relkind = 'S'`;
  for (const { what } of rest) await sql.unsafe(`DROP ${what} CASCADE`);
}

async function allWait(sql: Sql, count: number): Promise<void> {
  let waiting = 0;
  const look = async () => {
    const [row] = await sql`
      SELECT count(DISTINCT application_name)::int AS waiting
      FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND application_name LIKE 'instance %'`;
    waiting = row!.waiting;
    if (waiting < count) throw new Error("Not all of them wait yet");
  };
  await eventually(look, { withinMs: MEET_MS_MAX }).catch(() => {
    if (waiting > 0) return;
    throw new Inconclusive("No instance has set up its tables");
  });
}

/** It did load a moment ago: what ends it now is the company. */
function asBrokenPromise(error: unknown): unknown {
  if (!(error instanceof LearnerExit)) return error;
  return new CheckFailure({
    rule:
      "Instances that start at the same moment on an empty database all come up",
    expected: "every instance listens",
    received: error.message,
    hint: "CREATE TABLE IF NOT EXISTS looks first and creates then: " +
      "take an advisory lock around the set-up.",
  }, { cause: error });
}
