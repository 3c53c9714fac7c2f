import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { parseArray, serializeArray } from "./postgres_arrays.ts";

describe("parseArray() and serializeArray()", () => {
  const rows: [value: unknown[], text: string][] = [
    [[], "{}"],
    [["a", "b c"], '{"a","b c"}'],
    [
      ['say "hi"', "back\\slash", "{,}"],
      '{"say \\"hi\\"","back\\\\slash","{,}"}',
    ],
    [[null, "NULL"], '{NULL,"NULL"}'],
    [[""], '{""}'],
    [[["a"], ["b"]], '{{"a"},{"b"}}'],
  ];
  for (const [value, text] of rows) {
    it(`${text} is ${JSON.stringify(value)}`, () => {
      expect(serializeArray(value, String)).toBe(text);
      expect(parseArray(text, (part) => part)).toEqual(value);
    });
  }

  it("parses each item by its type", () => {
    expect(parseArray("{1,2,NULL}", Number)).toEqual([1, 2, null]);
  });
});
