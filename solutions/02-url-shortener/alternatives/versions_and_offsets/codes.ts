/** Codes at random: the space is large enough that a second try is rare, and the index says when it is needed. */
import type { Sql } from "postgres";

const ALPHABET =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export async function createSequence(_sql: Sql): Promise<void> {}

export function codeMaker(_sql: Sql, length: number): () => Promise<string> {
  return function nextCode() {
    const draws = crypto.getRandomValues(new Uint32Array(length));
    return Promise.resolve(
      [...draws].map((draw) => ALPHABET[draw % 62]).join(""),
    );
  };
}
