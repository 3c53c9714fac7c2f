import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceRow } from "@contract/trace.ts";
import { foldRows } from "./fold_rows.ts";
import { linkRows } from "./link_rows.ts";

describe("foldRows()", () => {
  it("joins what racing requests did alike, and keeps the lab's moments apart", () => {
    expect(folded(
      request(1, "A"),
      request(2, "B"),
      ask(3, "GET n", "A"),
      ask(4, "GET n", "B"),
      reply(3, '"9"', "A"),
      reply(4, '"9"', "B"),
      ask(5, "SET n 10", "A"),
      moment("held writes go on"),
      ask(6, "SET n 10", "B"),
    )).toEqual([
      "2 × GET /",
      "2 × GET n",
      '2 × → "9"',
      "1 × SET n 10",
      "1 × held writes go on",
      "1 × SET n 10",
    ]);
  });

  it("joins replies that differ to questions that are alike", () => {
    expect(folded(
      ask(1, "INCR n", "A"),
      ask(2, "INCR n", "B"),
      reply(1, "1", "A"),
      reply(2, "2", "B"),
    )).toEqual(["2 × INCR n", "2 × → 1"]);
  });

  it("does not move a read before a write of the same key", () => {
    expect(folded(
      ask(1, "GET n", "A"),
      ask(2, "SET n 1", "B"),
      ask(3, "GET n", "A"),
      ask(4, "SET n 1", "B"),
    )).toEqual(["1 × GET n", "1 × SET n 1", "1 × GET n", "1 × SET n 1"]);
  });

  it("moves it before a write of another key, on another instance", () => {
    expect(folded(
      ask(1, "GET n", "A"),
      ask(2, "SET m 1", "B"),
      ask(3, "GET n", "A"),
    )).toEqual(["2 × GET n", "1 × SET m 1"]);
  });

  it("keeps the steps of a single request in order", () => {
    const steps = [
      request(1, "A"),
      ask(2, "GET n", "A"),
      reply(2, "nil", "A"),
      ask(3, "GET n", "A"),
      reply(3, "nil", "A"),
    ];
    expect(folded(...steps)).toHaveLength(steps.length);
  });

  it("never lets a later request pass a response", () => {
    expect(folded(
      request(1, "A"),
      { ...request(1, "A"), kind: "response", text: "→ 200", durationMs: 1 },
      request(2, "B"),
    )).toEqual(["1 × GET /", "1 × → 200", "1 × GET /"]);
  });

  it("never lets a read pass the response that came before it", () => {
    const read = [ask(1, "GET n", "B"), reply(1, "nil", "B")];
    const response: TraceRow = {
      ...request(2, "A"),
      kind: "response",
      text: "→ 201",
      durationMs: 1,
    };
    const later = [ask(3, "GET n", "B"), reply(3, "nil", "B")];
    expect(folded(request(2, "A"), ...read, response, ...later)).toEqual([
      "1 × GET /",
      "1 × GET n",
      "1 × → nil",
      "1 × → 201",
      "1 × GET n",
      "1 × → nil",
    ]);
  });

  it("does not join different keys, nor what comes much later", () => {
    expect(folded(ask(1, "GET a", "A"), ask(2, "GET b", "A"))).toHaveLength(2);
    expect(folded(
      ask(1, "GET a", "A"),
      { ...ask(2, "GET a", "A"), atMs: 1_000 },
    )).toHaveLength(2);
  });
});

function folded(...rows: TraceRow[]): string[] {
  return foldRows(linkRows(rows))
    .map((fold) => `${fold.length} × ${fold[0].text}`);
}

function request(span: number, instance: string): TraceRow {
  return { atMs: 0, kind: "request", text: "GET /", span, instance };
}

function ask(span: number, text: string, instance: string): TraceRow {
  return { atMs: 0, kind: "redis", text, span, instance };
}

function reply(span: number, text: string, instance: string): TraceRow {
  return { ...ask(span, `→ ${text}`, instance), durationMs: 1 };
}

function moment(text: string): TraceRow {
  return { atMs: 0, kind: "fault", text };
}
