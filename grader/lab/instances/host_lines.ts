import { LOG_PREFIX } from "../../sandbox/mod.ts";

/** A line of `context.log` as people read it: `cache miss {"key":"x"}`. Other lines stay as they are. */
export function readableLine(line: string): string {
  if (!line.startsWith(LOG_PREFIX)) return line;
  try {
    const { message, instance: _instance, ...fields } = JSON.parse(
      line.slice(LOG_PREFIX.length),
    );
    const hasFields = Object.keys(fields).length > 0;
    return hasFields ? `${message} ${JSON.stringify(fields)}` : String(message);
  } catch {
    return line; // Cut off, or printed by the learner to look like one.
  }
}
