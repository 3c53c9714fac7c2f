import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { describeSent, type SentCall } from "./sent_calls.ts";

describe("describeSent()", () => {
  it("joins equal calls that follow each other, and says where they went", () => {
    const calls = Array.from({ length: 20 }, (_, index) =>
      sent({
        instance: index % 2 === 0 ? "A" : "B",
        headers: { "x-api-key": "alice" },
      }));
    expect(describeSent(calls))
      .toBe("20 × GET /api/x (X-Api-Key: alice), spread over A and B");
  });

  it("keeps the order of different calls", () => {
    const put = sent({ call: "PUT /policies/a", body: '{"limit":10}' });
    expect(describeSent([put, sent(), put])).toBe(
      [
        'PUT /policies/a {"limit":10} to A',
        "GET /api/x to A",
        'PUT /policies/a {"limit":10} to A',
      ].join("\n"),
    );
  });

  it("sums up what came before the last eight", () => {
    const calls = Array.from(
      { length: 30 },
      (_, index) => sent({ call: `GET /${index}` }),
    );
    const lines = describeSent(calls)!.split("\n");
    expect(lines[0]).toBe("(22 requests before)");
    expect(lines.slice(1)).toHaveLength(8);
  });

  it("shortens a long body", () => {
    expect(describeSent([sent({ body: "x".repeat(5000) })]))
      .toMatch(/x… \(5000 characters\) to A$/);
  });

  it("is nothing when nothing was sent", () => {
    expect(describeSent([])).toBeUndefined();
  });
});

function sent(call: Partial<SentCall> = {}): SentCall {
  return { call: "GET /api/x", instance: "A", headers: {}, ...call };
}
