import { join } from "node:path";
import { makePrivateFolder, storeAccount } from "./account.ts";
import { SUPERUSER } from "./cluster_settings.ts";
import { findClusterTemplate, TEMPLATE_DATABASE } from "./cluster_template.ts";
import { explainFullDisk } from "./disk_full.ts";
import { findPostgres } from "./postgres_binaries.ts";
import { POSTGRES_PORT, startPostgresServer } from "./postgres_server.ts";
import { run } from "./run_command.ts";
import type { StoresAddress } from "./types.ts";

/** A table beyond this fails with "File too large"; the server and its other databases go on. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

export interface RunClusterOptions {
  readonly runDir: string;
  readonly onProgress: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** The throw-away Postgres of one owner. */
export interface RunCluster extends AsyncDisposable {
  readonly address: StoresAddress["postgres"];
  readonly version: string;
}

/** Copies the template next to its socket and starts it: nothing in it outlives us. */
export async function startRunCluster(
  options: RunClusterOptions,
): Promise<RunCluster> {
  const binaries = await findPostgres();
  const template = await findClusterTemplate({ ...options, binaries });
  const socketDir = join(options.runDir, "postgres");
  await makePrivateFolder(socketDir);
  const dataDir = join(socketDir, "data");
  await copyData(join(template, "data"), dataDir);
  const server = await startPostgresServer({
    ...options,
    binaries,
    dataDir,
    socketDir,
    logFile: join(socketDir, "log"),
    stopSignal: "SIGQUIT",
    fileBytesMax: FILE_BYTES_MAX,
  });
  return {
    address: {
      socketDir,
      port: POSTGRES_PORT,
      superuser: SUPERUSER,
      password: await Deno.readTextFile(join(template, "password")),
      template: TEMPLATE_DATABASE,
    },
    version: binaries.version,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

async function copyData(source: string, target: string): Promise<void> {
  try {
    await run("cp", ["-R", source, target], { account: storeAccount() });
  } catch (error) {
    throw explainFullDisk(error, target);
  }
}
