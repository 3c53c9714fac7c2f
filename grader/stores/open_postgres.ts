import postgres, { type Options, type Sql } from "postgres";

/** Who connects to which database of a server on a unix socket. */
export interface PostgresLogin {
  readonly socketDir: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A client that closes itself: `await using db = openPostgres(…)`. */
export interface PostgresClient extends AsyncDisposable {
  readonly sql: Sql;
}

/** A postgres.js client; it connects with its first query. */
export function openPostgres(
  login: PostgresLogin,
  options: Options<Record<string, never>> = {},
): PostgresClient {
  const { socketDir, port, user: username, password, database } = login;
  const sql = postgres({
    host: socketDir,
    port,
    username,
    password,
    database,
    max: 1,
    // Saves a query per connection; only arrays of own types need it.
    fetch_types: false,
    onnotice: () => {},
    ...options,
  });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}
