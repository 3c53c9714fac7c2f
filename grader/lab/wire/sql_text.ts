import { BodyReader } from "./postgres_frames.ts";
import { EXCHANGE_CHARACTERS_MAX, shortText } from "./short_text.ts";

/** A statement on one line, comments left out: "SELECT n FROM stock WHERE id = $1". */
export function squeezedSql(sql: string): string {
  return shortText(
    sql.replace(COMMENTS, (found) => found.startsWith("'") ? found : " "),
    EXCHANGE_CHARACTERS_MAX,
  );
}

/** The statement with its values in place of `$1`, `$2`. */
export function filledSql(sql: string, values: readonly string[]): string {
  const filled = sql.replace(
    /\$(\d+)/g,
    (hole, number) => values[Number(number) - 1] ?? hole,
  );
  return shortText(filled, EXCHANGE_CHARACTERS_MAX);
}

/** "SELECT", "UPDATE", "COMMIT" */
export function firstWord(sql: string): string {
  return /[a-z]+/i.exec(sql)?.[0].toUpperCase() ?? "";
}

/** The parameters of a Bind body behind its portal and statement names, as they would stand in SQL. */
export function boundValues(reader: BodyReader): string[] {
  const formats = counted(reader, () => reader.int16());
  return counted(reader, (index) => {
    const isBinary = (formats.length === 1 ? formats[0] : formats[index]) === 1;
    return literal(reader.value(), isBinary);
  });
}

/** The columns of a DataRow body: `7, alice, null`. */
export function rowText(body: Uint8Array): string {
  const reader = new BodyReader(body);
  const columns = counted(reader, () => {
    const value = reader.value();
    return value === null
      ? "null"
      : shortText(decoder.decode(value.subarray(0, 120)), 40);
  });
  return shortText(columns.join(", "), 100);
}

/** An ErrorResponse body: `error 23505 duplicate key value violates …`. */
export function errorText(body: Uint8Array): string {
  const reader = new BodyReader(body);
  const fields: Record<string, string> = {};
  for (let code = reader.byte(); code !== 0; code = reader.byte()) {
    fields[String.fromCharCode(code)] = reader.text();
  }
  return shortText(`error ${fields.C ?? ""} ${fields.M ?? ""}`, 160);
}

/** A NotificationResponse body: `notify jobs "42"`. */
export function notificationText(body: Uint8Array): string {
  const reader = new BodyReader(body);
  reader.int32(); // The process that notified.
  return shortText(`notify ${reader.text()} "${reader.text()}"`, 160);
}

function counted<T>(reader: BodyReader, read: (index: number) => T): T[] {
  const count = Math.min(reader.int16(), VALUES_MAX);
  return Array.from({ length: count }, (_, index) => read(index));
}

function literal(value: Uint8Array | null, isBinary: boolean): string {
  if (value === null) return "null";
  if (isBinary) return `<${value.length} bytes>`;
  const text = shortText(decoder.decode(value.subarray(0, 200)), 60);
  return /^-?\d+(\.\d+)?$/.test(text) ? text : `'${text}'`;
}

const decoder = new TextDecoder();
const VALUES_MAX = 100;
/** Strings are matched too, so that a "--" inside one is no comment. */
const COMMENTS = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g;
