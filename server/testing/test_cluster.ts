import { join } from "node:path";
import { startKitDatabase } from "../../grader/stores/mod.ts";
import { connect, type DatabaseAddress } from "../db/connect.ts";
import { migrate } from "../db/migrate.ts";
import { prepareWorkerRole } from "../db/worker_role.ts";

/** A real Postgres for one test file, and in it a database for each test. */
export interface TestCluster extends AsyncDisposable {
  /** Clones the migrated template, or makes an empty database. */
  createDatabase(options?: { isEmpty?: boolean }): Promise<TestDatabase>;
}

export interface TestDatabase extends AsyncDisposable {
  readonly address: DatabaseAddress;
  /** The login of the workers' own role. */
  readonly workerAddress: DatabaseAddress;
}

export async function startTestCluster(): Promise<TestCluster> {
  await using opened = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({ prefix: "trestle-test-" });
  opened.defer(() => Deno.remove(dir, { recursive: true }));
  await Deno.chmod(dir, 0o755);
  const kit = opened.use(await startKitDatabase({ dir: join(dir, "db") }));
  const admin = connect({ ...kit.connection, database: "postgres" });
  opened.defer(() => admin.end());
  const worker = await prepareTemplate(kit.connection);

  const kept = opened.move();
  let made = 0;
  return {
    async createDatabase({ isEmpty = false } = {}) {
      const database = `test_${++made}`;
      const template = isEmpty ? "template0" : kit.connection.database;
      await admin.unsafe(
        `CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY FILE_COPY`,
      );
      return {
        address: { ...kit.connection, database },
        workerAddress: { ...worker, database },
        async [Symbol.asyncDispose]() {
          await admin.unsafe(`DROP DATABASE ${database} WITH (FORCE)`);
        },
      };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function prepareTemplate(
  address: DatabaseAddress,
): Promise<DatabaseAddress> {
  const sql = connect(address);
  try {
    await migrate(sql, address);
    const role = await prepareWorkerRole(sql, address);
    if (role.status === "ready") return role.address;
    throw new Error(`No role for workers: ${role.reason}`);
  } finally {
    await sql.end();
  }
}
