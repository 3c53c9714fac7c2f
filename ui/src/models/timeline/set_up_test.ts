import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceRow } from "@contract/trace.ts";
import { countSetUpRows } from "./set_up.ts";

const TABLES: readonly TraceRow[] = Array.from({ length: 8 }, () => ({
  atMs: 0,
  instance: "A",
  kind: "postgres",
  text: "CREATE TABLE links ()",
}));
const REQUEST: TraceRow = {
  atMs: 9,
  instance: "A",
  kind: "request",
  text: "GET /",
};

describe("countSetUpRows()", () => {
  it("counts what comes before the first request", () => {
    expect(countSetUpRows([...TABLES, REQUEST])).toBe(8);
  });

  it("stops at what the lab did", () => {
    const held: TraceRow = { atMs: 1, kind: "fault", text: "writes are held" };

    expect(countSetUpRows([...TABLES, held, ...TABLES, REQUEST])).toBe(8);
  });

  it("does not fold a few rows", () => {
    expect(countSetUpRows([...TABLES.slice(0, 3), REQUEST])).toBe(0);
  });

  it("folds nothing when no request came at all: the start is the story", () => {
    expect(countSetUpRows(TABLES)).toBe(0);
  });
});
