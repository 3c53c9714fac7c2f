import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { printable } from "./printable.ts";

describe("printable()", () => {
  const rows: [what: string, text: string, shown: string][] = [
    ["colours", "\x1b[31mred\x1b[0m", "red"],
    ["a cleared screen", "\x1b[2Jgone", "gone"],
    ["a window title", "\x1b]0;title\x07text", "]0;titletext"],
    ["a carriage return", "done\rfailed", "donefailed"],
    ["reversed text", "a\u202eb", "a\\u202eb"],
    ["nothing", "line\n\tindented é 日本", "line\n\tindented é 日本"],
    ["what is too long", "x".repeat(11), "xxxxxxxxxx…"],
  ];
  for (const [what, text, shown] of rows) {
    it(`takes the harm out of ${what}`, () => {
      expect(printable(text, what === "what is too long" ? 10 : 100))
        .toBe(shown);
    });
  }
});
