import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { diffText } from "./diff.ts";

function compare(
  before: Record<string, string>,
  after: Record<string, string>,
) {
  return diffText(
    { name: "stub", files: before },
    { name: "yours", files: after },
  );
}

describe("diffText()", () => {
  it("shows a changed line with its file", () => {
    const text = compare({ "a.ts": "one\ntwo\n" }, { "a.ts": "one\n2\n" });
    expect(text).toContain("--- stub/a.ts\n+++ yours/a.ts\n");
    expect(text).toContain("\n-two\n+2\n");
  });

  it("shows files that are on one side only", () => {
    const text = compare({ "old.ts": "x\n" }, { "new.ts": "y\n" });
    expect(text).toContain("-x");
    expect(text).toContain("+y");
  });

  it("does not speak of white space", () => {
    expect(compare({ "a.ts": "if (x) {\n}" }, { "a.ts": "if (x)\n{ }" }))
      .toBe("");
  });
});
