import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { PRINTED_BYTES_MAX, printValue } from "./print_value.ts";

describe("printValue()", () => {
  it("makes invisible characters visible", () => {
    expect(printValue("a\u200bb\u202ec\u00a0d\x07e\tf"))
      .toBe('"a\\u{200b}b\\u{202e}c\\u{00a0}d\\u0007e\\tf"');
  });

  it("leaves letters of all scripts and emoji as they are", () => {
    expect(printValue("żółw 龜 🐢")).toBe('"żółw 龜 🐢"');
  });

  it("shows nested values in full, keys in order", () => {
    expect(printValue({ b: { d: [1, null], c: "x" }, a: undefined }))
      .toBe('{ a: undefined, b: { c: "x", d: [ 1, null ] } }');
  });

  it("cuts beyond 4 KB and says how much is missing", () => {
    const printed = printValue("x".repeat(PRINTED_BYTES_MAX + 100));
    expect(printed).toMatch(/x… \(102 more characters\)$/);
    expect(printed.length).toBeLessThan(PRINTED_BYTES_MAX + 50);
  });
});
