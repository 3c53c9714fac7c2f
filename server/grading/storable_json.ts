/**
 * JSON that Postgres can open: it keeps U+0000 and lone surrogates in a `json` column but refuses to read any field
 * of such a value afterwards. A learner's output may hold both.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, inner) =>
      typeof inner === "string"
        ? inner.replaceAll("\0", "\u2400").toWellFormed()
        : inner,
  );
}
