/** Codes for links without an alias. */
import type { Sql } from "postgres";
import { notImplemented } from "./problem.ts";

/** Prepares whatever hands out numbers. Two instances may call this at the same moment. */
export async function createSequence(_sql: Sql): Promise<void> {
  // TODO 02.2: a sequence, a table of ranges, or nothing at all.
}

/** Gives a new code of `length` characters at each call, never one that another instance gave. */
export function codeMaker(_sql: Sql, _length: number): () => Promise<string> {
  return function nextCode() {
    // TODO 02.1: anything unique in this process. 02.2: unique everywhere, and not to be guessed.
    throw notImplemented(
      "02.1 Shorten and redirect",
      "make a code in codes.ts",
    );
  };
}
