import type { Options, Sql } from "postgres";
import { openPostgres, type PostgresLogin } from "./open_postgres.ts";
import { randomSecret } from "./secret.ts";
import type { StoresAddress } from "./types.ts";

/** Connections that one run's role may hold: three instances with a pool of ten, and some room. */
const CONNECTIONS_MAX = 40;

type ClientOptions = Options<Record<string, never>>;

/** A database of one check's own, with a role that can reach nothing else. */
export interface RunDatabase {
  /** Database and role have the same name: that is what lets the role in. */
  readonly name: string;
  readonly user: string;
  readonly password: string;
  /** The server's socket, for a proxy to connect to. */
  readonly socketPath: string;
  /**
   * A superuser's client, for the clock, gates and locks. Close it with `end()`. Its search_path is pg_catalog
   * alone: it must not run functions that the learner defined, so name tables in full (`app.links`).
   */
  adminSql(options?: ClientOptions): Sql;
  /** A client with no more rights than the learner's code, past every proxy: for looking into its tables. */
  ownerSql(options?: ClientOptions): Sql;
  /** Ends whatever is still connected, then removes database and role. */
  drop(): Promise<void>;
}

/** Clones the template into a new database for a new role, in one round trip. */
export async function createRunDatabase(
  maintenance: Sql,
  address: StoresAddress["postgres"],
): Promise<RunDatabase> {
  const name = `run_${randomSecret().slice(0, 12)}`;
  const password = randomSecret();
  await pipelined([
    maintenance.unsafe(
      `CREATE ROLE ${name} LOGIN PASSWORD '${password}' CONNECTION LIMIT ${CONNECTIONS_MAX}`,
    ),
    maintenance.unsafe(
      `CREATE DATABASE ${name} OWNER ${name} TEMPLATE ${address.template} STRATEGY FILE_COPY`,
    ),
  ]);
  const login = { ...address, database: name };
  const admin = { ...login, user: address.superuser };
  const owner = { ...login, user: name, password };
  return {
    name,
    user: name,
    password,
    socketPath: `${address.socketDir}/.s.PGSQL.${address.port}`,
    adminSql: (options) => adminClient(admin, options),
    ownerSql: (options) => openPostgres(owner, options).sql,
    drop: () =>
      pipelined([
        maintenance.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
        maintenance.unsafe(`DROP ROLE ${name}`),
      ]),
  };
}

function adminClient(login: PostgresLogin, options: ClientOptions = {}): Sql {
  const connection = {
    application_name: "trestle-lab",
    search_path: "pg_catalog",
  };
  return openPostgres(login, { ...options, connection }).sql;
}

/** Statements that may not share a transaction, sent at once on one connection; each runs after the last. */
async function pipelined(statements: Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(statements)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}
