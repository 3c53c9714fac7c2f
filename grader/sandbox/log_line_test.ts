import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { logLine } from "./log_line.ts";

describe("logLine()", () => {
  it("writes message and fields on one line", () => {
    expect(logLine("cache\nmiss", { key: "a", size: 2n })).toBe(
      'log {"message":"cache\\nmiss","key":"a","size":"2"}',
    );
  });

  it("writes what JSON cannot hold", () => {
    const self: Record<string, unknown> = { error: new TypeError("no") };
    self.self = self;
    expect(logLine("odd", self)).toBe(
      'log {"message":"odd","error":"TypeError: no","self":{"error":"TypeError: no","self":"[seen above]"}}',
    );
  });

  it("cuts what would fill the evidence", () => {
    expect(logLine("x".repeat(5_000)).length).toBe(2_001);
  });
});
