import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceRow } from "@contract/trace.ts";
import { lastExchanges } from "./last_exchanges.ts";

describe("lastExchanges()", () => {
  it("keeps a request from long ago with its response", () => {
    const rows = [
      ask(1, "GET /slow"),
      ...[2, 3, 4].flatMap((span) => [ask(span, "GET a"), reply(span)]),
      reply(1),
    ];
    expect(shown(lastExchanges(rows, 4)))
      .toEqual(["1 GET /slow", "4 GET a", "4 → OK", "1 → OK"]);
  });

  it("leaves a row free rather than half an exchange", () => {
    const rows = [1, 2, 3].flatMap((span) => [ask(span, "GET a"), reply(span)]);
    expect(shown(lastExchanges(rows, 3))).toEqual(["3 GET a", "3 → OK"]);
  });

  it("keeps what was never answered", () => {
    const rows = [
      ask(1, "GET hangs"),
      ...[2, 3, 4].flatMap((span) => [ask(span, "GET a"), reply(span)]),
    ];
    expect(shown(lastExchanges(rows, 3)))
      .toEqual(["1 GET hangs", "4 GET a", "4 → OK"]);
  });

  it("keeps faults and kills from before", () => {
    const fault: TraceRow = { atMs: 0, kind: "fault", text: "held" };
    const many = Array.from({ length: 20 }, (_, span) => [
      ask(span, "GET a"),
      reply(span),
    ]).flat();
    const kept = lastExchanges([fault, ...many], 11);
    expect(kept).toHaveLength(11);
    expect(kept[0]).toBe(fault);
  });

  it("gives none when none are wanted", () => {
    expect(lastExchanges([ask(1, "GET a"), reply(1)], 0)).toEqual([]);
  });
});

function ask(span: number, text: string): TraceRow {
  return { atMs: 0, instance: "A", kind: "redis", text, span };
}

function reply(span: number): TraceRow {
  return { ...ask(span, "→ OK"), durationMs: 1 };
}

function shown(rows: readonly TraceRow[]): string[] {
  return rows.map(({ span, text }) => `${span} ${text}`);
}
