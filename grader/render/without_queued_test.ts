import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceRow } from "@contract/trace.ts";
import { withoutQueued } from "./without_queued.ts";

describe("withoutQueued()", () => {
  const queued = [
    ask(1, "MULTI"),
    ask(2, "DEL a"),
    reply(1, "OK"),
    reply(2, "QUEUED"),
  ];

  it("leaves out what the row of an EXEC says again", () => {
    const rows = [...queued, ask(3, "EXEC (DEL a)"), reply(3, "[1]")];
    expect(withoutQueued(rows).map(({ text }) => text))
      .toEqual(["EXEC (DEL a)", "→ [1]"]);
  });

  it("keeps what was queued when no EXEC came", () => {
    expect(withoutQueued(queued)).toEqual(queued);
  });
});

function ask(span: number, text: string): TraceRow {
  return { atMs: 0, instance: "A", kind: "redis", text, span };
}

function reply(span: number, text: string): TraceRow {
  return { ...ask(span, `→ ${text}`), durationMs: 1 };
}
