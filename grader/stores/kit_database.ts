import { join } from "node:path";
import { makePrivateFolder } from "./account.ts";
import { buildOnce } from "./build_once.ts";
import { KIT_ACCESS, KIT_SETTINGS, SUPERUSER } from "./cluster_settings.ts";
import { initializeCluster } from "./initialize_cluster.ts";
import { makeKitFolder } from "./kit_folder.ts";
import { openPostgres } from "./open_postgres.ts";
import { endProcess } from "./owned_process.ts";
import { findPostgres } from "./postgres_binaries.ts";
import { POSTGRES_PORT, startPostgresServer } from "./postgres_server.ts";
import {
  isRunning,
  pidOf,
  type ProcessIdentity,
  processIdentity,
} from "./process_identity.ts";
import { makeRunFolder } from "./run_folder.ts";
import type { ProvisionOptions } from "./types.ts";

const DATABASE = "trestle";
/** Its last checkpoint may meet a slow disk; killed, it would only need longer at the next start. */
const STOP_MS_MAX = 30_000;

/** Options that postgres.js and node-postgres (so graphile-worker) both take. No URL: postgres.js has none for a socket. */
export interface KitConnection {
  /** Folder of the unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The running database of the kit itself: people, submissions, grades. */
export interface KitDatabase extends AsyncDisposable {
  readonly connection: KitConnection;
  readonly version: string;
}

/** Who runs the kit's database, and where; kept beside its data while it runs. */
interface RunningRecord {
  readonly server: ProcessIdentity;
  readonly owner: ProcessIdentity;
  readonly connection: KitConnection;
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
  await clearStaleServer(folder);

  const { path: runDir } = opened.use(await makeRunFolder());
  const socketDir = join(runDir, "kit");
  await makePrivateFolder(socketDir);
  const server = await startPostgresServer({
    binaries,
    dataDir: join(folder, "data"),
    socketDir,
    runDir,
    logFile: join(folder, "log"),
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
  const record = await readRecord(folder);
  return record !== undefined && await isRunning(record.server)
    ? record.connection
    : undefined;
}

async function clearStaleServer(folder: string): Promise<void> {
  const record = await readRecord(folder);
  if (record === undefined) return;
  if (await isRunning(record.server)) {
    if (await isRunning(record.owner)) {
      throw new Error(
        `The database in ${folder} is in use by process ${
          pidOf(record.owner)
        }; ` +
          `end that, or set TRESTLE_DIR to another folder`,
      );
    }
    await endProcess(record.server);
  }
  // Postgres would refuse to start if the pid in here now belonged to something else.
  await Deno.remove(join(folder, "data/postmaster.pid")).catch(() => {});
  await forgetRunning(folder);
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

async function recordRunning(
  folder: string,
  { pid, connection }: {
    readonly pid: number;
    readonly connection: KitConnection;
  },
): Promise<void> {
  const [server, owner] = await Promise.all([
    processIdentity(pid),
    processIdentity(Deno.pid),
  ]);
  const record = JSON.stringify({ server, owner, connection });
  await Deno.writeTextFile(recordFile(folder), record, { mode: 0o600 });
}

async function readRecord(folder: string): Promise<RunningRecord | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(recordFile(folder)));
  } catch {
    return undefined; // None, or half of one: Postgres's own lock decides.
  }
}

async function forgetRunning(folder: string): Promise<void> {
  await Deno.remove(recordFile(folder)).catch(() => {}); // Forgotten already.
}

function recordFile(folder: string): string {
  return join(folder, "running.json");
}
