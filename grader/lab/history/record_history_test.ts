import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { counterBounds } from "./counter_bounds.ts";
import type { CounterInput } from "./models.ts";
import { recordHistory } from "./record_history.ts";

describe("recordHistory()", () => {
  it("notes times, outcome, and the output of what was applied", async () => {
    const history = recordHistory<string, number>();
    const answer = await history.record(
      { client: "A", key: "x", input: "read" },
      () => Promise.resolve({ outcome: "ok" as const, json: { n: 7 } }),
      ({ json }) => json.n,
    );
    expect(answer.json.n).toBe(7);
    const [operation] = history.operations;
    expect(operation).toMatchObject({
      client: "A",
      key: "x",
      input: "read",
      output: 7,
      outcome: "ok",
    });
    expect(operation!.endedAtMs).toBeGreaterThanOrEqual(operation!.startedAtMs);
  });

  it("reads nothing from an answer that was not applied", async () => {
    const history = recordHistory<string, number>();
    await history.record(
      { client: "A", input: "read" },
      () => Promise.resolve({ outcome: "maybe" as const }),
      () => {
        throw new Error("read() was called");
      },
    );
    expect(history.operations[0]).toMatchObject({ outcome: "maybe" });
  });

  it("counts a call that throws as maybe", async () => {
    const history = recordHistory<string, number>();
    const failing = history.record(
      { client: "A", input: "read" },
      () => Promise.reject<{ outcome: "ok" }>(new Error("reset")),
      () => 1,
    );
    await expect(failing).rejects.toThrow("reset");
    expect(history.operations[0]).toMatchObject({ outcome: "maybe" });
  });
});

describe("counterBounds()", () => {
  it("counts what was acknowledged, and what nobody knows about", () => {
    const place = { client: "A", startedAtMs: 0, endedAtMs: 1 };
    const input: CounterInput = { kind: "add", amount: 2 };
    expect(counterBounds([
      { ...place, input, outcome: "ok" },
      { ...place, input, outcome: "maybe" },
      { ...place, input, outcome: "fail" },
      { ...place, input: { kind: "read" }, outcome: "ok" },
    ])).toEqual({ low: 2, high: 4 });
  });
});
