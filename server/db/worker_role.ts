import type { Sql } from "postgres";
import type { DatabaseAddress } from "./connect.ts";

/** The role that workers sign in as: it can claim, heartbeat and record, and nothing else. */
export const WORKER_ROLE = "trestle_worker";

export type WorkerRole =
  | { readonly status: "ready"; readonly address: DatabaseAddress }
  /** This database's owner may not make roles; workers need a login that somebody else made. */
  | { readonly status: "unavailable"; readonly reason: string };

/**
 * Makes the workers' role and gives it the rights that this version needs. The password stays the same from start
 * to start: workers on other machines have it.
 */
export async function prepareWorkerRole(
  sql: Sql,
  address: DatabaseAddress,
  password: string = crypto.randomUUID(),
): Promise<WorkerRole> {
  try {
    await sql.begin(async (tx) => {
      const [role] = await tx`
        SELECT FROM pg_roles WHERE rolname = ${WORKER_ROLE}`;
      if (!role) await tx.unsafe(`CREATE ROLE ${WORKER_ROLE}`);
      const [quoted] = await tx<{ password: string }[]>`
        SELECT quote_literal(${password}) AS password`;
      await tx.unsafe(
        `ALTER ROLE ${WORKER_ROLE} LOGIN PASSWORD ${quoted!.password}`,
      );
      await grantWorkerRights(tx);
    });
  } catch (error) {
    return { status: "unavailable", reason: (error as Error).message };
  }
  return {
    status: "ready",
    address: { ...address, user: WORKER_ROLE, password },
  };
}

/** The job queue's tables are granted too: its library claims and ends jobs with plain statements. */
export async function grantWorkerRights(
  sql: Pick<Sql, "unsafe">,
): Promise<void> {
  await sql.unsafe(`
    GRANT USAGE ON SCHEMA worker_api, graphile_worker TO ${WORKER_ROLE};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA worker_api TO ${WORKER_ROLE};
    GRANT SELECT ON graphile_worker.migrations, graphile_worker._private_known_crontabs TO ${WORKER_ROLE};
    GRANT SELECT, UPDATE, DELETE
      ON graphile_worker._private_jobs, graphile_worker._private_job_queues TO ${WORKER_ROLE};
    GRANT SELECT, INSERT ON graphile_worker._private_tasks TO ${WORKER_ROLE};
  `);
  for (
    const table of ["_private_jobs", "_private_job_queues", "_private_tasks"]
  ) {
    await sql.unsafe(`
      DROP POLICY IF EXISTS ${WORKER_ROLE} ON graphile_worker.${table};
      CREATE POLICY ${WORKER_ROLE} ON graphile_worker.${table}
        TO ${WORKER_ROLE} USING (true) WITH CHECK (true);
    `);
  }
}
