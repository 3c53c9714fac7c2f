import { join } from "node:path";
import { storeAccount } from "./account.ts";
import { FEW_SCRAM_ROUNDS, SUPERUSER } from "./cluster_settings.ts";
import type { PostgresBinaries } from "./postgres_binaries.ts";
import { run } from "./run_command.ts";
import { randomSecret } from "./secret.ts";

export interface ClusterOptions {
  readonly settings: string;
  readonly access: string;
  /** Whether it must survive a power cut. */
  readonly isDurable: boolean;
}

/**
 * Runs initdb on `folder`/data and writes its settings. The superuser's password is kept in
 * `folder`/password, readable like the data itself.
 */
export async function initializeCluster(
  binaries: PostgresBinaries,
  folder: string,
  options: ClusterOptions,
): Promise<void> {
  const dataDir = join(folder, "data");
  const passwordFile = join(folder, "password");
  await Deno.writeTextFile(passwordFile, randomSecret(), { mode: 0o600 });
  await lendTo(folder, initAccount());
  await run(binaries.initdb, initArguments(dataDir, passwordFile, options), {
    account: initAccount(),
    cwd: "/",
  });
  await Deno.writeTextFile(join(dataDir, "postgresql.conf"), options.settings);
  await Deno.writeTextFile(join(dataDir, "pg_hba.conf"), options.access);
  await lendTo(folder, storeAccount());
}

function initArguments(
  dataDir: string,
  passwordFile: string,
  { isDurable }: ClusterOptions,
): string[] {
  return [
    `--pgdata=${dataDir}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    // Already for the superuser's password, which is made before there are settings.
    `--set=${FEW_SCRAM_ROUNDS}`,
    "--encoding=UTF8",
    // Postgres's own: the same order of strings on every machine.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    // Small segments make a small template, copied at each start.
    ...(isDurable
      ? []
      : ["--wal-segsize=1", "--no-sync", "--no-data-checksums"]),
  ];
}

/** initdb looks its own user up by name, and the stores' uid has none: as root, `nobody` stands in. */
function initAccount() {
  return storeAccount() && { uid: 65_534, gid: 65_534 };
}

async function lendTo(
  folder: string,
  account: { uid: number; gid: number } | undefined,
): Promise<void> {
  if (account === undefined) return;
  await run("chown", ["-R", `${account.uid}:${account.gid}`, folder]);
}
