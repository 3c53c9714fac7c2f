import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Case } from "./case.ts";
import { runCases } from "./run_cases.ts";

function caseNamed(name: string, run: Case["run"]): Case {
  return { workshop: "03-rate-limiter", kind: "mutant", name, run };
}

const HOLDS = { runs: 1, problems: [], notes: [] };

describe("runCases()", () => {
  it("gives results in the order of the cases, however long each takes", async () => {
    const gate = Promise.withResolvers<void>();
    const results = await runCases([
      caseNamed("waits", async () => (await gate.promise, HOLDS)),
      caseNamed("opens", () => (gate.resolve(), Promise.resolve(HOLDS))),
    ], {
      jobs: 2,
      signal: new AbortController().signal,
      onResult: () => {},
    });
    expect(results.map(({ name }) => name)).toEqual(["waits", "opens"]);
  });

  it("counts a case that breaks down as one that does not hold", async () => {
    const results = await runCases(
      [caseNamed("breaks", () => Promise.reject(new Error("no stores")))],
      { jobs: 1, signal: new AbortController().signal, onResult: () => {} },
    );
    expect(results[0]!.problems).toEqual(["Error: no stores"]);
  });

  it("begins nothing after an interruption", async () => {
    const { signal, ...interrupt } = abortable();
    const names: string[] = [];
    await runCases(
      ["one", "two"].map((name) =>
        caseNamed(name, () => {
          names.push(name);
          interrupt.abort();
          return Promise.resolve(HOLDS);
        })
      ),
      { jobs: 1, signal, onResult: () => {} },
    );
    expect(names).toEqual(["one"]);
  });
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
