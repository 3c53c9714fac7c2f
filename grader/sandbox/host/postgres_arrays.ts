import type { Sql } from "postgres";

/** Built-in types and their array types, as in pg_type: [element, array]. */
const ARRAY_TYPES: readonly (readonly [number, number])[] = [
  [16, 1000], // boolean
  [17, 1001], // bytea
  [20, 1016], // bigint
  [21, 1005], // smallint
  [23, 1007], // integer
  [25, 1009], // text
  [114, 199], // json
  [700, 1021], // real
  [701, 1022], // double precision
  [1042, 1014], // character
  [1043, 1015], // character varying
  [1082, 1182], // date
  [1114, 1115], // timestamp
  [1184, 1185], // timestamptz
  [1700, 1231], // numeric
  [2950, 2951], // uuid
  [3802, 3807], // jsonb
];

type Parse = (text: string) => unknown;
type Serialize = (value: unknown) => unknown;

/** The part of the driver's options that its own query for array types would fill in. */
interface DriverTypes {
  parsers: Record<number, Parse>;
  serializers: Record<number, Serialize>;
  shared: { typeArrayMap: Record<number, number> };
}

/** Teaches the client the arrays of built-in types, which it would otherwise ask the server for on each connection. */
export function installArrayTypes(sql: Sql): void {
  const types = sql.options as unknown as DriverTypes;
  for (const [element, array] of ARRAY_TYPES) {
    const parse = types.parsers[element] ?? ((text: string) => text);
    const serialize = types.serializers[element] ?? String;
    types.shared.typeArrayMap[element] = array;
    types.serializers[array] = (value) => serializeArray(value, serialize);
    types.parsers[array] = (text) => parseArray(text, parse);
  }
}

/** `{1,2}`, `{"a b","c\"d",NULL}`: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
export function serializeArray(value: unknown, serialize: Serialize): unknown {
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => {
    if (item === null || item === undefined) return "NULL";
    if (Array.isArray(item)) return serializeArray(item, serialize);
    return `"${String(serialize(item)).replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${items.join(",")}}`;
}

/** The inverse of {@link serializeArray}, for what the server writes. */
export function parseArray(text: string, parse: Parse): unknown[] {
  const token = /\{|\}|,|"((?:[^"\\]|\\.)*)"|[^{},"]+/gs;
  const open: unknown[][] = [[]];
  for (const [word, quoted] of text.matchAll(token)) {
    const current = open.at(-1)!;
    if (word === "{") open.push([]);
    else if (word === "}") open.at(-2)!.push(open.pop());
    else if (quoted !== undefined) {
      current.push(parse(quoted.replace(/\\(.)/gs, "$1")));
    } else if (word !== ",") current.push(word === "NULL" ? null : parse(word));
  }
  return open[0]![0] as unknown[];
}
