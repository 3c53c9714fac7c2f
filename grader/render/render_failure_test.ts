import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { CheckReport } from "@contract/report.ts";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { renderFailure } from "./mod.ts";
import { FAILURES } from "./testdata/failures.ts";

const GOLDEN = fileURLToPath(new URL("testdata", import.meta.url));

/** `UPDATE_GOLDEN=1 deno test -A grader/render` writes the files anew; read the difference before it is committed. */
const isUpdate = Deno.env.has("UPDATE_GOLDEN");

describe("renderFailure()", () => {
  for (const [name, report] of Object.entries(FAILURES)) {
    it(`prints ${name} as in testdata/${name}.txt`, () => {
      const file = join(GOLDEN, `${name}.txt`);
      const text = `${renderFailure(report, { color: false })}\n`;
      if (isUpdate) Deno.writeTextFileSync(file, text);
      expect(text).toBe(Deno.readTextFileSync(file));
    });
  }

  it("adds colour and nothing else", () => {
    const report: CheckReport = FAILURES.race_lost!;
    const colored = renderFailure(report, { color: true });
    expect(colored).toContain("\x1b[");
    // deno-lint-ignore no-control-regex -- escape sequences are what it takes away
    expect(colored.replace(/\x1b\[\d+m/g, ""))
      .toBe(renderFailure(report, { color: false }));
  });
});
