/** One line of JSON per event, for people with `jq` and for machines. Secrets and learners' code never go in. */
export type Log = (
  level: "info" | "warning" | "error",
  event: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** Writes to standard error: standard output is for what was asked for. */
export const logToConsole: Log = (level, event, fields) => {
  const at = new Date().toISOString();
  console.error(JSON.stringify({ at, level, event, ...fields }));
};
