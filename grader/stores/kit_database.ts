import { join } from "node:path";
import { makePrivateFolder } from "./account.ts";
import { buildOnce } from "./build_once.ts";
import { KIT_ACCESS, KIT_SETTINGS, SUPERUSER } from "./cluster_settings.ts";
import { initializeCluster } from "./initialize_cluster.ts";
import { makeKitFolder } from "./kit_folder.ts";
import { openPostgres } from "./open_postgres.ts";
import { findPostgres } from "./postgres_binaries.ts";
import { POSTGRES_PORT, startPostgresServer } from "./postgres_server.ts";
import {
  endStaleServer,
  forgetRunning,
  type KitConnection,
  readRunning,
  recordRunning,
} from "./kit_database_record.ts";
import { isRunning } from "./process_identity.ts";
import { makeRunFolder } from "./run_folder.ts";
import type { ProvisionOptions } from "./types.ts";

const DATABASE = "trestle";
/** Its last checkpoint may meet a slow disk; killed, it would only need longer at the next start. */
const STOP_MS_MAX = 30_000;
/** Beyond this, the log of earlier starts goes. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** The running database of the kit itself: people, submissions, grades. */
export interface KitDatabase extends AsyncDisposable {
  readonly connection: KitConnection;
  readonly version: string;
}

/**
 * Starts the durable Postgres that keeps its data in `dir` (default: `database` in the kit's folder), making it
 * the first time. One that an ended process left running is ended first; with a living owner this throws.
 */
export async function startKitDatabase(
  { dir, onProgress = () => {}, signal }: ProvisionOptions & {
    readonly dir?: string;
  } = {},
): Promise<KitDatabase> {
  await using opened = new AsyncDisposableStack();
  const binaries = await findPostgres();
  const target = dir ?? join(await makeKitFolder(), "database");
  const folder = await buildOnce(target, async (draft) => {
    onProgress("Preparing the database for grades (once)");
    await makePrivateFolder(draft);
    await initializeCluster(binaries, draft, {
      settings: KIT_SETTINGS,
      access: KIT_ACCESS,
      isDurable: true,
    });
  });
  await endStaleServer(folder);

  const logFile = join(folder, "log");
  await startLogAfresh(logFile);
  const { path: runDir } = opened.use(await makeRunFolder());
  const socketDir = join(runDir, "kit");
  await makePrivateFolder(socketDir);
  const server = await startPostgresServer({
    binaries,
    dataDir: join(folder, "data"),
    socketDir,
    runDir,
    logFile,
    stopSignal: "SIGINT",
    stopMsMax: STOP_MS_MAX,
    signal,
  });
  opened.defer(() => server.stop());
  const connection = await createDatabase(folder, socketDir);
  await recordRunning(folder, { pid: server.pid, connection });
  opened.defer(() => forgetRunning(folder));
  const kept = opened.move();
  return {
    connection,
    version: binaries.version,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** How to reach the kit's database when a process on this machine runs it; undefined when none does. */
export async function findKitDatabase(
  dir?: string,
): Promise<KitConnection | undefined> {
  const folder = dir ?? join(await makeKitFolder(), "database");
  const record = await readRunning(folder);
  return record !== undefined && await isRunning(record.server)
    ? record.connection
    : undefined;
}

async function createDatabase(
  folder: string,
  socketDir: string,
): Promise<KitConnection> {
  const login = {
    port: POSTGRES_PORT,
    user: SUPERUSER,
    password: await Deno.readTextFile(join(folder, "password")),
  };
  await using postgres = openPostgres({
    ...login,
    socketDir,
    database: "postgres",
  });
  const [found] = await postgres.sql`
    SELECT FROM pg_database WHERE datname = ${DATABASE}`;
  if (found === undefined) {
    await postgres.sql.unsafe(`CREATE DATABASE ${DATABASE}`);
  }
  return { ...login, host: socketDir, database: DATABASE };
}

async function startLogAfresh(logFile: string): Promise<void> {
  try {
    const { size } = await Deno.stat(logFile);
    if (size > LOG_BYTES_MAX) await Deno.remove(logFile);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
