import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { caretLine } from "./caret.ts";

describe("caretLine()", () => {
  const rows: [expected: string, received: string, caret: unknown][] = [
    ['"abc"', '"abd"', { line: 0, text: "   ^" }],
    ["{\n  a: 1\n}", "{\n  a: 2\n}", { line: 1, text: "     ^" }],
    ["abc", "ab", { line: 0, text: "  ^" }],
    ["≤ 50", "57", undefined],
    ["same", "same", undefined],
  ];
  for (const [expected, received, caret] of rows) {
    it(`finds where ${JSON.stringify(received)} leaves ${JSON.stringify(expected)}`, () => {
      expect(caretLine(expected, received)).toEqual(caret);
    });
  }
});
