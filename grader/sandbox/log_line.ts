/** Begins each line that `context.log` writes, so that a reader can tell it from what the code prints. */
export const LOG_PREFIX = "log ";

/** Longer lines are cut: one request must not fill the evidence. */
const LINE_CHARS_MAX = 2_000;

/** One line: `log {"message":"cache miss","key":"x"}`. Fields that JSON cannot hold are written as text. */
export function logLine(
  message: string,
  fields: Record<string, unknown> = {},
  describe: (error: Error) => string = nameAndMessage,
): string {
  const line = LOG_PREFIX +
    safeJson({ message: String(message), ...fields }, describe);
  return line.length <= LINE_CHARS_MAX
    ? line
    : `${line.slice(0, LINE_CHARS_MAX)}…`;
}

export function nameAndMessage({ name, message }: Error): string {
  return `${name}: ${message}`;
}

function safeJson(
  value: unknown,
  describe: (error: Error) => string,
): string {
  const seen = new Set<unknown>();
  return JSON.stringify(value, (_key, field) => {
    if (typeof field === "bigint") return field.toString();
    if (field instanceof Error) return describe(field);
    if (typeof field !== "object" || field === null) return field;
    if (seen.has(field)) return "[seen above]";
    seen.add(field);
    return field;
  });
}
