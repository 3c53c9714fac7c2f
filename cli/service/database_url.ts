import type { KitConnection } from "../../grader/stores/mod.ts";

/** The connection string of a database behind a unix socket, in libpq's form. */
export function databaseUrl(connection: KitConnection): string {
  const { host, port, user, password, database } = connection;
  const query = new URLSearchParams({ host, port: String(port) });
  return `postgres://${user}:${password}@localhost/${database}?${query}`;
}
