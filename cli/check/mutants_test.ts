import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { applyMutant, parseMutant } from "./mutants.ts";

const PATCH = `Check: 03.4a
Why: reads, then writes

--- a.ts
+++ a.ts
@@ -1,3 +1,3 @@
 one
-two
+2
 three
`;

describe("parseMutant()", () => {
  it("reads which check must fail, and why", () => {
    const mutant = parseMutant("get_then_set", PATCH);
    expect(mutant.check).toBe("03.4a");
    expect(mutant.why).toBe("reads, then writes");
    expect(mutant.statuses).toEqual(["fail"]);
    const either = `Status: fail, error\n${PATCH}`;
    expect(parseMutant("x", either).statuses).toEqual(["fail", "error"]);
  });

  it("refuses a patch that names no check", () => {
    expect(() => parseMutant("x", PATCH.replace("Check:", "Checks:")))
      .toThrow("mutants/x.patch must begin with");
  });
});

describe("applyMutant()", () => {
  const mutant = parseMutant("get_then_set", PATCH);

  it("changes the reference, also where lines have moved", () => {
    const files = { "a.ts": "zero\none\ntwo\nthree\n", "b.ts": "b" };
    expect(applyMutant(mutant, files))
      .toEqual({ "a.ts": "zero\none\n2\nthree\n", "b.ts": "b" });
  });

  it("refuses to leave the reference as it is", () => {
    const rows: Record<string, string>[] = [{ "a.ts": "1\n2\n3\n" }, {}];
    for (const files of rows) {
      expect(() => applyMutant(mutant, files)).toThrow("no longer applies");
    }
  });
});
