import postgres, { type Options, type Sql } from "postgres";

/** Where a database is, in the parts that a client takes. */
export interface DatabaseAddress {
  /** A host's name, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * Reads a connection string. A unix socket's folder stands in `?host=`, as libpq has it, which postgres.js
 * alone would not understand.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  if (!URL.canParse(text) || !/^postgres(ql)?:\/\//.test(text)) {
    throw new TypeError(
      "A database is named like postgres://user:password@host:5432/name; DATABASE_URL is not",
    );
  }
  const url = new URL(text);
  return {
    host: url.searchParams.get("host") ?? url.hostname,
    port: Number(url.searchParams.get("port") ?? (url.port || 5432)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

/** The connection string of an address, as libpq, pg and `parseDatabaseUrl` read it. */
export function formatDatabaseUrl(address: DatabaseAddress): string {
  const { host, port, user, password, database } = address;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const query = new URLSearchParams({ host, port: String(port) });
  return `postgres://${login}@localhost/${
    encodeURIComponent(database)
  }?${query}`;
}

/** Opens a pool of connections. Close it with `end()`. */
export function connect(
  address: DatabaseAddress,
  options: Options<Record<string, never>> = {},
): Sql {
  const { user: username, ...rest } = address;
  return postgres({
    ...rest,
    username,
    max: 10,
    connect_timeout: 10,
    onnotice: () => {},
    ...options,
  });
}
