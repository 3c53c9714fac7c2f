import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceKind } from "@contract/trace.ts";
import { patternOf } from "./row_pattern.ts";

describe("patternOf()", () => {
  const rows: [kind: TraceKind, text: string, values: string[]][] = [
    ["redis", "GET limit", []],
    ["redis", "SET limit:a 9 PX 60000 NX", ["a", "9", "60000"]],
    ["redis", 'SET link:x {"url":"a:b"} PX 5', ["x", '{"url":"a:b"}', "5"]],
    ["redis", 'EVAL "return redis.c…" 1 limit:a 10', ["a", "10"]],
    ["postgres", "SELECT 1 FROM t2 WHERE a = 'it''s'", ["1", "'it''s'"]],
    ["request", "GET /links/Ab3/stats", ["Ab3"]],
    ["request", "POST /links", []],
    ["fault", "killed after 3", []],
  ];
  for (const [kind, text, values] of rows) {
    it(`finds ${JSON.stringify(values)} in ${text}`, () => {
      const pattern = patternOf(kind, text);
      expect(pattern.values).toEqual(values);
      expect(
        pattern.fixed.map((part, index) => part + (values[index] ?? ""))
          .join(""),
      ).toBe(text);
    });
  }
});
