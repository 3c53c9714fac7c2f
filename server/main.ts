/**
 * The grading service: puts its parts together, serves until it is asked to stop.
 *
 * @module
 */
import { join } from "node:path";
import type { Sql } from "postgres";
import { ensureOwner } from "./access/person.ts";
import { issueToken, revokeTokens } from "./access/tokens.ts";
import { buildApp } from "./app.ts";
import { readCatalog } from "./catalog.ts";
import { type Config, readConfig } from "./config.ts";
import { connect, formatDatabaseUrl, parseDatabaseUrl } from "./db/connect.ts";
import { migrate } from "./db/migrate.ts";
import { prepareWorkerRole, WORKER_ROLE } from "./db/worker_role.ts";
import { watchLeases } from "./lease_watch.ts";
import { listen } from "./listen.ts";
import { logToConsole as log } from "./log.ts";
import {
  removeServerFile,
  writePrivateFile,
  writeServerFile,
} from "./server_file.ts";
import { onStopRequest } from "./stop.ts";
import { EventHub } from "./submissions/event_hub.ts";

if (import.meta.main) {
  await serve(readConfig(Deno.args, Deno.env.toObject()));
  // The waiting read of standard input would keep the process alive.
  Deno.exit(0);
}

/** Runs the service until it is asked to stop; everything that it opened is closed then, last first. */
async function serve(config: Config): Promise<void> {
  const { stateDir, projectDir, isTied } = config;
  await using opened = new AsyncDisposableStack();
  await Deno.mkdir(stateDir, { recursive: true });
  const sql = connect(config.database);
  opened.defer(() => sql.end({ timeout: 5 }));
  await prepareDatabase(sql, config);

  const hub = opened.use(await EventHub.start(sql));
  opened.use(watchLeases(sql, log));
  const stopping = new AbortController();
  const app = buildApp({
    sql,
    hub,
    log,
    catalog: await readCatalog(projectDir, log),
    pageDir: join(projectDir, "ui/dist"),
    stopping: stopping.signal,
  });
  const server = listen(app.fetch, {
    port: config.port ?? await readLastPort(stateDir),
    log,
  });
  opened.defer(() => server.shutdown());
  opened.defer(() => stopping.abort());

  const file = {
    url: `http://127.0.0.1:${server.addr.port}`,
    token: await renewCliToken(sql),
    pid: Deno.pid,
  };
  await rememberPort(stateDir, server.addr.port);
  await writeServerFile(stateDir, file);
  opened.defer(() => removeServerFile(stateDir, file));
  log("info", "listening", { url: file.url });
  await onStopRequest({ isTied }).asked;
  log("info", "stopping");
}

/** Brings the tables to this version, and leaves the workers' login where `worker` finds it. */
async function prepareDatabase(
  sql: Sql,
  { database, stateDir }: Config,
): Promise<void> {
  const fresh = await migrate(sql, database);
  if (fresh.length > 0) log("info", "migrated", { names: fresh });
  const workerFile = join(stateDir, "worker.json");
  const role = await prepareWorkerRole(
    sql,
    database,
    await readWorkerPassword(workerFile),
  );
  if (role.status === "unavailable") {
    log("warning", "worker_role_unavailable", {
      reason: role.reason,
      consequence: "workers use the server's own database login",
    });
  }
  const login = role.status === "ready" ? role.address : database;
  await writePrivateFile(
    workerFile,
    JSON.stringify({ databaseUrl: formatDatabaseUrl(login) }),
  );
}

/** Of the last start; undefined when there was none, or when its workers used the server's own login. */
async function readWorkerPassword(path: string): Promise<string | undefined> {
  try {
    const { databaseUrl } = JSON.parse(await Deno.readTextFile(path));
    const { user, password } = parseDatabaseUrl(databaseUrl);
    return user === WORKER_ROLE ? password : undefined;
  } catch {
    return undefined; // No file, or none of ours: a new password is as good.
  }
}

/** The token of the last start is worth nothing any more. */
async function renewCliToken(sql: Sql): Promise<string> {
  const owner = await ensureOwner(sql);
  await revokeTokens(sql, "cli");
  return await issueToken(sql, owner.id, "cli");
}

async function readLastPort(stateDir: string): Promise<number | undefined> {
  const text = await Deno.readTextFile(join(stateDir, "port")).catch(() => "");
  const port = Number(text);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

async function rememberPort(stateDir: string, port: number): Promise<void> {
  await Deno.writeTextFile(join(stateDir, "port"), String(port));
}
