import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { CheckReport } from "@contract/report.ts";
import type { TraceRow } from "@contract/trace.ts";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { renderFailure } from "./mod.ts";
import { FAILURES } from "./testdata/failures.ts";

const GOLDEN = fileURLToPath(new URL("testdata", import.meta.url));

/** `UPDATE_GOLDEN=1 deno test -A grader/render` writes the files anew; read the difference before it is committed. */
const isUpdate = Deno.env.has("UPDATE_GOLDEN");

/** What checks of the workshops made of a mutant each: the report on the first line, then its trace. */
const TRACES = join(GOLDEN, "traces");

describe("renderFailure()", () => {
  for (const [name, report] of Object.entries({ ...FAILURES, ...real() })) {
    it(`prints ${name} as in testdata/${name}.txt`, () => {
      const file = join(GOLDEN, `${name}.txt`);
      const text = `${renderFailure(report, { color: false })}\n`;
      if (isUpdate) Deno.writeTextFileSync(file, text);
      expect(text).toBe(Deno.readTextFileSync(file));
    });
  }

  it("cuts a long line that the code printed, and says by how much", () => {
    const { failure } = FAILURES.race_lost!;
    const logs = [`A: ${"x".repeat(1_000)}`];
    const text = renderFailure({
      ...FAILURES.race_lost!,
      failure: { ...failure!, logs },
    }, { color: false });
    expect(text).toContain(`    A: ${"x".repeat(497)}… (503 characters more)`);
  });

  it("adds colour and nothing else", () => {
    const report: CheckReport = FAILURES.race_lost!;
    const colored = renderFailure(report, { color: true });
    expect(colored).toContain("\x1b[");
    // deno-lint-ignore no-control-regex -- escape sequences are what it takes away
    expect(colored.replace(/\x1b\[\d+m/g, ""))
      .toBe(renderFailure(report, { color: false }));
  });
});

function real(): Record<string, CheckReport> {
  const names = [...Deno.readDirSync(TRACES)].map(({ name }) => name).sort();
  return Object.fromEntries(names.map((name) => {
    const lines = Deno.readTextFileSync(join(TRACES, name)).trim().split("\n");
    const [report, ...trace] = lines.map((line) => JSON.parse(line)) as [
      CheckReport,
      ...TraceRow[],
    ];
    const failure = { ...report.failure!, trace };
    return [name.replace(".jsonl", ""), { ...report, failure }];
  }));
}
