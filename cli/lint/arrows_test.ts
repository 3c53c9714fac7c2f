import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import plugin, { forbiddenArrow } from "./arrows.ts";

const ROWS: readonly [importer: string, specifier: string, allowed: boolean][] =
  [
    ["workshops/03-rate-limiter/tests/1_test.ts", "@lab", true],
    ["workshops/03-rate-limiter/tests/1_test.ts", "../system.ts", true],
    ["workshops/03-rate-limiter/system.ts", "../02-x/system.ts", false],
    [
      "workshops/03-rate-limiter/tests/1_test.ts",
      "../../../grader/lab/check.ts",
      false,
    ],
    ["solutions/03-rate-limiter/system.ts", "@contract/system.ts", true],
    ["solutions/03-rate-limiter/system.ts", "@lab", false],
    ["contract/report.ts", "../grader/grade.ts", false],
    ["grader/stores/mod.ts", "../lab/mod.ts", false],
    ["grader/lab/mod.ts", "../stores/mod.ts", true],
    ["grader/grade.ts", "../server/app.ts", false],
    ["server/app.ts", "../grader/grade.ts", false],
    ["server/worker.ts", "../grader/grade.ts", true],
    ["server/testing/test_cluster.ts", "../../grader/stores/mod.ts", true],
    ["ui/src/api.ts", "@contract/api.ts", true],
    ["ui/src/api.ts", "../../server/app.ts", false],
    ["cli/main.ts", "../server/app.ts", false],
    ["cli/main.ts", "hono", true],
  ];

describe("forbiddenArrow()", () => {
  for (const [importer, specifier, allowed] of ROWS) {
    it(`${allowed ? "allows" : "refuses"} ${importer} → ${specifier}`, () => {
      expect(forbiddenArrow(importer, specifier) === undefined).toBe(allowed);
    });
  }
});

describe("trestle/arrows", () => {
  it("reports an import, a re-export and a dynamic import", () => {
    const file = new URL("../../ui/src/x.ts", import.meta.url).pathname;
    const source = `import { a } from "../../server/app.ts";
      export * from "../../server/db.ts";
      await import("../../grader/grade.ts");`;
    expect(Deno.lint.runPlugin(plugin, file, source)).toHaveLength(3);
  });
});
