import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { AnswerList, HttpAnswer } from "../clients/answer.ts";
import { CheckFailure, type FailureDetails } from "./check_failure.ts";
import { expect as labExpect } from "./expect.ts";

describe("expect()", () => {
  it("says nothing when the matcher holds", () => {
    labExpect({ a: 1 }).toEqual({ a: labExpect.any(Number) });
    labExpect([1]).not.toHaveLength(2);
    labExpect(answer(201)).toHaveStatus(201);
    labExpect(answer(201)).not.toHaveStatus(200);
  });

  it("carries the rule, expected and received", () => {
    const failing = () =>
      labExpect(2, "Exactly one of them wins").toBeLessThanOrEqual(1);
    expect(detailsOf(failing)).toEqual({
      rule: "Exactly one of them wins",
      expected: "≤ 1",
      received: "2",
      hint: undefined,
    });
  });

  it("names lengths, and counts answers by status", () => {
    const answers = AnswerList.of(answer(200), answer(200), answer(429));
    const failing = () => labExpect(answers).toHaveLength(2);
    expect(detailsOf(failing)).toMatchObject({
      expected: "length 2",
      received: "length 3: 3 answers: 2 × 200, 1 × 429",
    });
  });

  it("shows call, status, telling headers and body of an answer", () => {
    const failing = () =>
      labExpect(answer(404, '{"code":"not_found"}')).toHaveStatus(200);
    expect(detailsOf(failing)).toMatchObject({
      expected: "200",
      received:
        'GET /x → 404\n  content-type: application/json\n  {"code":"not_found"}',
    });
  });

  it("says which stage to build when the stub answered", () => {
    const body = JSON.stringify({
      code: "not_implemented",
      detail: "Stage 03.1: build the fixed window",
    });
    const failing = () => labExpect(answer(501, body)).toHaveStatus(200);
    expect(detailsOf(failing).hint)
      .toBe("Not built yet: Stage 03.1: build the fixed window");
  });

  it("takes a value of the wrong kind for a broken promise", () => {
    const failing = () => labExpect(undefined, "Lists ids").toHaveLength(2);
    expect(detailsOf(failing)).toMatchObject({
      rule: "Lists ids",
      expected: "length 2",
      received: "undefined",
    });
  });

  const phrases: [failing: () => void, expected: string][] = [
    [() => labExpect(null).not.toBeNull(), "not to be null"],
    [() => labExpect("x").toMatch(/y/), "a match of /y/"],
    [
      () => labExpect({}).toEqual({ a: labExpect.any(String) }),
      "{ a: Any<String> }",
    ],
    [() => labExpect([1]).toContain(2), "something that contains 2"],
    [() => labExpect({}).toHaveProperty("a", 1), 'to have property "a", 1'],
  ];
  for (const [failing, expected] of phrases) {
    it(`prints "${expected}"`, () => {
      expect(detailsOf(failing).expected).toBe(expected);
    });
  }
});

function answer(status: number, body = ""): HttpAnswer {
  return HttpAnswer.received({
    call: "GET /x",
    instance: "A",
    status,
    headers: new Headers({ "content-type": "application/json", date: "now" }),
    bytes: new TextEncoder().encode(body),
  });
}

function detailsOf(failing: () => void): FailureDetails {
  try {
    failing();
  } catch (error) {
    if (error instanceof CheckFailure) return error.details;
    throw error;
  }
  throw new Error("The expectation holds");
}
