import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { setFull, type SetInput } from "./set_full.ts";
import type { Operation } from "./types.ts";

type SetOperation = Operation<SetInput<number>, readonly number[]>;
type Span = readonly [startedAtMs: number, endedAtMs: number];

describe("setFull()", () => {
  it("accepts a set that shows each element from its add on", () => {
    const history = [
      add(1, [0, 1]),
      read([1], [2, 3]),
      add(2, [4, 5]),
      read([1, 2], [6, 7]),
    ];
    expect(setFull(history)).toMatchObject({ verdict: "valid", message: "" });
  });

  it("lets a read that overlaps the add miss it", () => {
    const history = [add(1, [0, 5]), read([], [1, 6]), read([1], [7, 8])];
    expect(setFull(history).verdict).toBe("valid");
  });

  it("catches an acknowledged element that no later read shows", () => {
    const history = [add(1, [0, 1]), add(2, [2, 3]), read([2], [4, 5])];
    expect(setFull(history)).toMatchObject({
      verdict: "invalid",
      lost: [1],
      message: "added and then gone: 1",
    });
  });

  it("catches one that was seen and is gone, although its add went unanswered", () => {
    const history = [
      add(1, [0, 1], "maybe"),
      read([1], [2, 3]),
      read([], [4, 5]),
    ];
    expect(setFull(history)).toMatchObject({ verdict: "invalid", lost: [1] });
  });

  it("catches a stale read, unless reads may lag", () => {
    const history = [add(1, [0, 1]), read([], [2, 3]), read([1], [4, 5])];
    expect(setFull(history)).toMatchObject({ verdict: "invalid", stale: [1] });
    expect(setFull(history, { isLinearizable: false }))
      .toMatchObject({ verdict: "valid", stale: [1] });
  });

  it("catches what nobody added, and what was refused", () => {
    const history = [add(1, [0, 1], "fail"), read([1, 7], [2, 3])];
    expect(setFull(history)).toMatchObject({
      verdict: "invalid",
      unexpected: [1, 7],
    });
  });

  it("catches an element that one read shows twice", () => {
    expect(setFull([add(1, [0, 1]), read([1, 1], [2, 3])]))
      .toMatchObject({ verdict: "invalid", duplicated: [1] });
  });

  it("does not decide without a read after the last add", () => {
    expect(setFull([read([], [0, 1]), add(1, [2, 3])]).verdict).toBe("unknown");
  });
});

function add(
  element: number,
  [startedAtMs, endedAtMs]: Span,
  outcome: SetOperation["outcome"] = "ok",
): SetOperation {
  const input = { kind: "add", element } as const;
  return { client: "A", input, outcome, startedAtMs, endedAtMs };
}

function read(
  output: readonly number[],
  [startedAtMs, endedAtMs]: Span,
): SetOperation {
  const input = { kind: "read" } as const;
  return { client: "B", input, output, outcome: "ok", startedAtMs, endedAtMs };
}
