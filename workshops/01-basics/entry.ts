/** Keys and values as they come in, and what stores say about them. */
import { ProblemError } from "./problem.ts";

const KEY = /^[A-Za-z0-9_.-]{1,100}$/;
const VALUE_LENGTH_MAX = 10_000;
const KEYS_MAX = 20_000;

export interface Entry {
  readonly key: string;
  readonly value: string;
  /** 1 for a new key, one more with each write. */
  readonly version: number;
}

export type PutResult =
  | { readonly status: "created" | "replaced"; readonly version: number }
  /** The key has another version than the caller started from, or does not exist. */
  | { readonly status: "outdated" };

export interface Put {
  readonly key: string;
  readonly value: string;
  /** The version that the caller has read (If-Match); undefined to write whatever is there. */
  readonly ifVersion?: number;
}

/** Where entries are kept: one database, or several. */
export interface EntryStore {
  /** Those of `keys` that exist, by key. */
  find(keys: readonly string[]): Promise<ReadonlyMap<string, Entry>>;
  /** Resolves once the write is durable. */
  put(put: Put): Promise<PutResult>;
}

export function parseKey(key: unknown): string {
  if (typeof key === "string" && KEY.test(key)) return key;
  throw invalid("key", "1 to 100 of A-Z a-z 0-9 _ . -");
}

export function parseKeys(keys: unknown): string[] {
  if (Array.isArray(keys) && keys.length <= KEYS_MAX) return keys.map(parseKey);
  throw invalid("keys", `a list of at most ${KEYS_MAX} keys`);
}

export function parseValue(value: unknown): string {
  if (
    typeof value === "string" && value.length <= VALUE_LENGTH_MAX &&
    !value.includes("\0") // Postgres cannot keep it.
  ) return value;
  const rule = `text of at most ${VALUE_LENGTH_MAX} characters without U+0000`;
  throw invalid("value", rule);
}

export function invalid(name: string, rule: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: `invalid_${name}`,
    detail: `"${name}" is ${rule}`,
  });
}
