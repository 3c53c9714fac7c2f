import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type QueueInput, totalQueue } from "./total_queue.ts";
import type { Operation } from "./types.ts";

type QueueOperation = Operation<QueueInput<string>, string | null>;

describe("totalQueue()", () => {
  it("accepts a queue that gives out all that it took, in any order", () => {
    const history = [send("a"), send("b"), take("b"), take("a"), take(null)];
    expect(totalQueue(history)).toMatchObject({
      verdict: "valid",
      message: "",
    });
  });

  it("catches an acknowledged element that never comes out", () => {
    const history = [send("a"), send("b"), take("a"), take(null)];
    expect(totalQueue(history)).toMatchObject({
      verdict: "invalid",
      lost: ["b"],
      message: 'acknowledged and never delivered: "b"',
    });
  });

  it("catches an element that nobody sent", () => {
    expect(totalQueue([send("a"), take("a"), take("ghost")])).toMatchObject({
      verdict: "invalid",
      unexpected: ["ghost"],
    });
  });

  it("catches one whose sender was told no", () => {
    expect(totalQueue([send("a", "fail"), take("a")])).toMatchObject({
      verdict: "invalid",
      unexpected: ["a"],
    });
  });

  it("allows a redelivery, unless exactly one was promised", () => {
    const history = [send("a"), take("a"), take("a")];
    expect(totalQueue(history))
      .toMatchObject({ verdict: "valid", duplicated: ["a"] });
    expect(totalQueue(history, { delivery: "exactly_once" }))
      .toMatchObject({ verdict: "invalid", duplicated: ["a"] });
  });

  it("lets an unanswered send go either way", () => {
    expect(totalQueue([send("a", "maybe"), take(null)]).verdict).toBe("valid");
    expect(totalQueue([send("a", "maybe"), take("a")]))
      .toMatchObject({ verdict: "valid", recovered: ["a"] });
  });

  it("does not decide about what an unanswered dequeue may have held", () => {
    const history = [send("a"), take(null, "maybe"), take(null)];
    expect(totalQueue(history)).toMatchObject({
      verdict: "unknown",
      lost: ["a"],
    });
    expect(totalQueue([...history, send("b")]).verdict).toBe("invalid");
  });
});

function send(
  element: string,
  outcome: QueueOperation["outcome"] = "ok",
): QueueOperation {
  return { ...PLACE, input: { kind: "enqueue", element }, outcome };
}

function take(
  output: string | null,
  outcome: QueueOperation["outcome"] = "ok",
): QueueOperation {
  return { ...PLACE, input: { kind: "dequeue" }, outcome, output };
}

const PLACE = { client: "A", startedAtMs: 0, endedAtMs: 0 };
