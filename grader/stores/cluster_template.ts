import { createHash } from "node:crypto";
import { join } from "node:path";
import { makePrivateFolder } from "./account.ts";
import { buildOnce } from "./build_once.ts";
import { RUN_ACCESS, RUN_SETTINGS, SUPERUSER } from "./cluster_settings.ts";
import { initializeCluster } from "./initialize_cluster.ts";
import { makeKitFolder } from "./kit_folder.ts";
import { KIT_SCHEMA } from "./kit_schema.ts";
import { openPostgres } from "./open_postgres.ts";
import type { PostgresBinaries } from "./postgres_binaries.ts";
import { POSTGRES_PORT, startPostgresServer } from "./postgres_server.ts";

/** The database that run databases are cloned from. */
export const TEMPLATE_DATABASE = "trestle_template";

export interface ClusterTemplateOptions {
  readonly binaries: PostgresBinaries;
  readonly runDir: string;
  readonly onProgress: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Folder with `data` and `password` of a cluster that was never used; made once, copied at each start. */
export async function findClusterTemplate(
  options: ClusterTemplateOptions,
): Promise<string> {
  const hash = createHash("sha256")
    .update(RUN_SETTINGS + RUN_ACCESS + KIT_SCHEMA)
    .digest("hex").slice(0, 8);
  const name = `template-${options.binaries.packageVersion}-${hash}`;
  const target = join(await makeKitFolder("postgres"), name);
  return await buildOnce(target, (draft) => buildTemplate(draft, options));
}

async function buildTemplate(
  draft: string,
  options: ClusterTemplateOptions,
): Promise<void> {
  options.onProgress("Preparing Postgres (once)");
  await makePrivateFolder(draft);
  await initializeCluster(options.binaries, draft, {
    settings: RUN_SETTINGS,
    access: RUN_ACCESS,
    isDurable: false,
  });
  const socketDir = join(options.runDir, "template");
  await makePrivateFolder(socketDir);
  const server = await startPostgresServer({
    ...options,
    dataDir: join(draft, "data"),
    socketDir,
    logFile: join(socketDir, "log"),
    stopSignal: "SIGINT",
  });
  try {
    await createTemplateDatabase(socketDir, join(draft, "password"));
  } finally {
    await server.stop();
  }
}

async function createTemplateDatabase(
  socketDir: string,
  passwordFile: string,
): Promise<void> {
  const superuser = {
    socketDir,
    port: POSTGRES_PORT,
    user: SUPERUSER,
    password: await Deno.readTextFile(passwordFile),
  };
  await using postgres = openPostgres({ ...superuser, database: "postgres" });
  await postgres.sql.unsafe(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await using template = openPostgres({
    ...superuser,
    database: TEMPLATE_DATABASE,
  });
  await template.sql.unsafe(KIT_SCHEMA);
  // Nobody may connect while it is being cloned.
  await postgres.sql.unsafe(
    `ALTER DATABASE ${TEMPLATE_DATABASE} IS_TEMPLATE true ALLOW_CONNECTIONS false`,
  );
}
