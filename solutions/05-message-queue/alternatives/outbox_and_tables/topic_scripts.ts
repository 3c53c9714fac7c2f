/** The log is in Postgres here: no scripts. */
export {};
