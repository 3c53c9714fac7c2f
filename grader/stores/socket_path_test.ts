import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { checkSocketPath } from "./socket_path.ts";

describe("checkSocketPath()", () => {
  it("accepts what every system can bind", () => {
    expect(() => checkSocketPath("/".padEnd(103, "x"))).not.toThrow();
  });

  it("names the rule, the value and the way out when the path is too long", () => {
    expect(() => checkSocketPath("/".padEnd(108, "x"))).toThrow(
      /at most \d+ bytes; \/x+ has 108. Set TMPDIR to a shorter folder/,
    );
  });

  it("counts bytes, not letters", () => {
    expect(() => checkSocketPath("/".padEnd(60, "é"))).toThrow(RangeError);
  });
});
