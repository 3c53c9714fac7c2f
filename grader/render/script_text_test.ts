import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { withShortScript } from "./script_text.ts";

describe("withShortScript()", () => {
  const rows: [text: string, shown: string][] = [
    [
      'EVAL "local n = redis.call("INCR", KEYS[1]) if n == 1 then…" 1 limit:al 10',
      'EVAL "local n = redis.cal…" 1 limit:al 10',
    ],
    [
      "EVAL return~redis.call('GET',KEYS[1]) 1 k",
      "EVAL return~redis.call('… 1 k",
    ],
    ['EVAL "return 1" 0', 'EVAL "return 1" 0'],
    ["SET limit:alice 1", "SET limit:alice 1"],
  ];
  for (const [text, shown] of rows) {
    it(`shows ${text} as ${shown}`, () => {
      expect(withShortScript(text)).toBe(shown);
    });
  }
});
