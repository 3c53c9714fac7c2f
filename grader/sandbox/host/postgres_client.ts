import postgres, { type Sql } from "postgres";
import type { PostgresSocket } from "../types.ts";
import { installArrayTypes } from "./postgres_arrays.ts";

/** Connections of one instance to one database: the usual ten. */
const CONNECTIONS_MAX = 10;
/** Before an attempt to connect fails: an outage must show as an error, not as silence. */
const CONNECT_SECONDS_MAX = 2;
/** Between attempts; the driver's own default grows to 20 s, longer than any check lasts. */
const RECONNECT_SECONDS = 0.05;

/** Client of one of the run's databases. Connects with the first query; a lost connection fails its queries at once. */
export function postgresClient(socket: PostgresSocket, instance: string): Sql {
  const sql = postgres({
    path: socket.path,
    database: socket.database,
    user: socket.user,
    pass: socket.password,
    max: CONNECTIONS_MAX,
    connect_timeout: CONNECT_SECONDS_MAX,
    backoff: () => RECONNECT_SECONDS,
    max_lifetime: null,
    // The query for array types would be counted and traced as the learner's; ours are built in.
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: `instance ${instance}` },
  });
  installArrayTypes(sql);
  return sql;
}
