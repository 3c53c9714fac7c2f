import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { TRACE_ROWS_MAX } from "@contract/trace.ts";
import { HttpAnswer } from "../clients/answer.ts";
import { Evidence } from "./evidence.ts";

describe("Evidence", () => {
  it("keeps the last rows and drops the earliest", () => {
    const evidence = new Evidence();
    for (let row = 0; row < TRACE_ROWS_MAX + 5; row++) {
      evidence.note("log", `row ${row}`);
    }
    expect(evidence.rows).toHaveLength(TRACE_ROWS_MAX);
    expect(evidence.rows[0]!.text).toBe("row 5");
  });

  it("pairs a request with its response, and says what is still open", () => {
    const evidence = new Evidence();
    const span = evidence.requestSent(sent("GET /a"));
    evidence.requestSent(sent("GET /b"));
    evidence.answered(span, answer("GET /a", 200));
    expect(evidence.rows.map(({ kind, text, span }) => [kind, text, span]))
      .toEqual([
        ["request", "GET /a", 1],
        ["request", "GET /b", 2],
        ["response", "→ 200", 1],
      ]);
    expect(evidence.unanswered).toEqual([
      expect.stringMatching(/^GET \/b to A \(\d\.\d s\)$/),
    ]);
  });

  it("begins anew at a mark, and keeps the learner's own lines", () => {
    const evidence = new Evidence();
    evidence.requestSent(sent("GET /a"));
    evidence.printed("A", "hello");
    evidence.mark();
    evidence.requestSent(sent("GET /b"));
    expect(evidence.sent).toBe("GET /b to A");
    expect(evidence.rows).toHaveLength(1);
    expect(evidence.logs).toEqual(["A: hello"]);
  });

  it("notes what polling repeats once, and what is new each time", () => {
    const evidence = new Evidence();
    {
      using _polling = evidence.polling();
      for (let poll = 0; poll < 100; poll++) {
        evidence.note("postgres", "SELECT clicks FROM days");
        if (poll === 50) evidence.note("postgres", "INSERT INTO days");
      }
    }
    evidence.note("postgres", "SELECT clicks FROM days");
    expect(evidence.rows.map(({ text }) => text.slice(0, 6)))
      .toEqual(["SELECT", "INSERT", "SELECT"]);
  });

  it("merges what an instance repeats while it serves no request", () => {
    const evidence = new Evidence();
    const poll = () => evidence.note("postgres", "SELECT due", "A");
    for (let polls = 0; polls < 50; polls++) poll();
    const span = evidence.requestSent(sent("GET /a"));
    poll();
    poll();
    evidence.answered(span, answer("GET /a", 200));
    expect(evidence.rows.map(({ text }) => text)).toEqual([
      "SELECT due",
      "GET /a",
      "SELECT due",
      "SELECT due",
      "→ 200",
    ]);
  });

  it("keeps a reply that another question had before", () => {
    const evidence = new Evidence();
    using _polling = evidence.polling();
    exchange(evidence, "INCR a", "→ 1");
    exchange(evidence, "PEXPIRE a 60000", "→ 1");
    exchange(evidence, "INCR a", "→ 1");
    expect(texts(evidence))
      .toEqual(["INCR a", "→ 1", "PEXPIRE a 60000", "→ 1"]);
  });

  it("shows a repeated question again when its reply is new", () => {
    const evidence = new Evidence();
    using _polling = evidence.polling();
    exchange(evidence, "GET a", "→ nil");
    exchange(evidence, "GET a", "→ nil");
    exchange(evidence, "GET a", '→ "9"');
    expect(texts(evidence))
      .toEqual(["GET a", "→ nil", "GET a", '→ "9"']);
  });

  it("keeps a request with its response, however much came in between", () => {
    const evidence = new Evidence();
    const span = evidence.requestSent(sent("GET /slow"));
    for (let row = 0; row < 2 * TRACE_ROWS_MAX; row++) {
      evidence.note("log", `row ${row}`);
    }
    evidence.answered(span, answer("GET /slow", 200));
    expect(evidence.rows).toHaveLength(TRACE_ROWS_MAX);
    expect(evidence.rows[0]!.text).toBe("GET /slow");
  });

  it("remembers what the stub said is to be built first", () => {
    const evidence = new Evidence();
    for (const detail of ["Stage 1: build a", "Stage 1: build b"]) {
      const span = evidence.requestSent(sent("GET /"));
      evidence.answered(span, answer("GET /", 501, { detail }));
    }
    expect(evidence.toBuild).toBe("Stage 1: build a");
  });
});

function exchange(evidence: Evidence, text: string, reply: string): void {
  const span = evidence.nextSpan();
  const row = { instance: "A", kind: "redis", span } as const;
  evidence.write({ ...row, atMs: evidence.nowMs(), text });
  evidence.write({
    ...row,
    atMs: evidence.nowMs(),
    text: reply,
    durationMs: 0.1,
  });
}

function texts({ rows }: Evidence): string[] {
  return rows.map(({ text }) => text);
}

function sent(call: string) {
  return { call, instance: "A", headers: {} };
}

function answer(call: string, status: number, body = {}): HttpAnswer {
  const bytes = new TextEncoder().encode(
    JSON.stringify({ code: "not_implemented", ...body }),
  );
  const headers = new Headers();
  return HttpAnswer.received({ call, instance: "A", status, headers, bytes });
}
