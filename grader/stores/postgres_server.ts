import { join } from "node:path";
import { type OwnedProcess, startOwnedProcess } from "./owned_process.ts";
import type { PostgresBinaries } from "./postgres_binaries.ts";
import { checkSocketPath } from "./socket_path.ts";

/** Recovery after a crash of the machine may take its time; an ordinary start takes 50 ms. */
const START_MS_MAX = 60_000;

/** Only the name of the socket: no TCP port is opened. */
export const POSTGRES_PORT = 5432;

export interface PostgresServerOptions {
  readonly binaries: PostgresBinaries;
  readonly dataDir: string;
  readonly socketDir: string;
  readonly runDir: string;
  readonly logFile: string;
  /** Sent when we die: SIGQUIT drops everything, SIGINT ends in order. */
  readonly stopSignal: "SIGQUIT" | "SIGINT";
  /** Time to write everything down when asked to end. */
  readonly stopMsMax?: number;
  /** Cap of each table's file: the learner's cannot take all of memory. */
  readonly fileBytesMax?: number;
  readonly signal?: AbortSignal;
}

/** Starts Postgres on an initialised data folder; resolves once it accepts connections. */
export async function startPostgresServer(
  options: PostgresServerOptions,
): Promise<OwnedProcess> {
  const { binaries, dataDir, socketDir } = options;
  checkSocketPath(join(socketDir, `.s.PGSQL.${POSTGRES_PORT}.lock`));
  const server = await startOwnedProcess({
    ...options,
    command: [binaries.postgres, "-D", dataDir, "-k", socketDir],
  });
  try {
    await accepting(server, options);
  } catch (error) {
    await server.stop("SIGQUIT");
    throw error;
  }
  return server;
}

/** Watches the line of postmaster.pid that pg_ctl watches: no connection, no log to parse. */
async function accepting(
  server: OwnedProcess,
  { dataDir, logFile, signal }: PostgresServerOptions,
): Promise<void> {
  const deadline = performance.now() + START_MS_MAX;
  while (!await isReady(join(dataDir, "postmaster.pid"), server.pid)) {
    signal?.throwIfAborted();
    if (!server.isRunning) {
      throw new Error(
        `Postgres did not start on ${dataDir}: ${await lastLine(logFile)}`,
      );
    }
    if (performance.now() > deadline) {
      throw new Error(
        `Postgres did not start within ${
          START_MS_MAX / 1000
        } s; see ${logFile}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

async function isReady(pidFile: string, pid: number): Promise<boolean> {
  try {
    const lines = (await Deno.readTextFile(pidFile)).split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The cause, which Postgres says in its last lines. */
async function lastLine(logFile: string): Promise<string> {
  const lines = (await Deno.readTextFile(logFile)).trim().split("\n");
  return lines.filter((line) => /FATAL|PANIC|error/i.test(line)).at(-1) ??
    lines.at(-1) ?? "it printed nothing";
}
