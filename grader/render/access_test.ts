import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceKind } from "@contract/trace.ts";
import { accessOf, isConflict } from "./access.ts";

describe("isConflict()", () => {
  const rows: [left: string, right: string, isConflict: boolean][] = [
    ["redis GET a", "redis GET a", false],
    ["redis GET a", "redis SET a 1", true],
    ["redis GET a", "redis SET b 1", false],
    ["redis MGET a b", "redis SET b 1", true],
    ["redis GET a", "redis EVAL x 1 b 5", false],
    ["redis GET a", "redis EVAL x 2 b a 5", true],
    ["redis GET a", "redis FLUSHALL", true],
    ["postgres SELECT 1 FROM a", "postgres INSERT INTO a VALUES (1)", true],
    ["postgres SELECT 1 FROM a", "postgres UPDATE b SET n = 1", false],
    ["postgres SELECT 1 FROM a", "postgres commit", true],
    ["postgres s1 SELECT 1 FROM a", "postgres s2 UPDATE a SET n = 1", false],
    ["postgres SELECT 1 FROM a", "redis SET a 1", false],
    ["postgres SELECT 1 FROM a FOR UPDATE", "postgres SELECT 1 FROM a", true],
  ];
  for (const [left, right, expected] of rows) {
    it(`is ${expected} of ${left} and ${right}`, () => {
      expect(isConflict(access(left), access(right))).toBe(expected);
      expect(isConflict(access(right), access(left))).toBe(expected);
    });
  }
});

function access(words: string) {
  const [kind, ...rest] = words.split(" ");
  return accessOf({ atMs: 0, kind: kind as TraceKind, text: rest.join(" ") })!;
}
