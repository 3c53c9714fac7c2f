import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { SUBMISSION_FILES_MAX, submissionProblem } from "./submission.ts";

const SYSTEM = { "system.ts": "export default () => {}" };

describe("submissionProblem()", () => {
  it("accepts plain files of a learner's own", () => {
    const files = { ...SYSTEM, "limits/token_bucket.ts": "", "take.lua": "" };
    expect(submissionProblem(files)).toBe(undefined);
  });

  const rows: [misdeed: string, files: Record<string, string>][] = [
    ["no system.ts", { "main.ts": "" }],
    ["path traversal", { ...SYSTEM, "../grader/grade.ts": "" }],
    ["absolute path", { ...SYSTEM, "/etc/passwd.ts": "" }],
    ["hidden file", { ...SYSTEM, ".env.ts": "" }],
    ["own deno.json", { ...SYSTEM, "deno.json": "{}" }],
    ["own package.json in a folder", { ...SYSTEM, "a/package.json": "{}" }],
    ["native addon", { ...SYSTEM, "addon.node": "" }],
    ["names that differ only in case", { ...SYSTEM, "System.ts": "" }],
    ["line break in a name", { ...SYSTEM, "a\n.ts": "" }],
    ["too deep", { ...SYSTEM, "a/b/c/d/e.ts": "" }],
    ["too large", { "system.ts": "x".repeat(256 * 1024 + 1) }],
    [
      "too many",
      Object.fromEntries([
        ["system.ts", ""],
        ...Array.from(
          { length: SUBMISSION_FILES_MAX },
          (_, index) => [`f${index}.ts`, ""],
        ),
      ]),
    ],
  ];
  for (const [misdeed, files] of rows) {
    it(`refuses ${misdeed}`, () => {
      expect(submissionProblem(files)).toMatch(/\w+/);
    });
  }
});
