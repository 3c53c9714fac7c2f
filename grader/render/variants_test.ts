import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceKind, TraceRow } from "@contract/trace.ts";
import type { Fold } from "./fold_rows.ts";
import { linkRows } from "./link_rows.ts";
import { questionOf, questionsDifferBy, repliesOf } from "./variants.ts";

describe("questionOf() and questionsDifferBy()", () => {
  const rows: [texts: string[], question: string, difference: string][] = [
    [["SET n 1 PX 5", "SET n 1 PX 5"], "SET n 1 PX 5", ""],
    [
      ["SET n 1 PX 5", "SET n 2 PX 5", "SET n 1 PX 5"],
      "SET n … PX 5",
      "with 1 × 2, 2 × 1",
    ],
    [
      ["GET k:a", "GET k:b", "GET k:c", "GET k:d", "GET k:e"],
      "GET k:…",
      "all different",
    ],
  ];
  for (const [texts, question, difference] of rows) {
    it(`make ${JSON.stringify(question)} of ${texts.length}`, () => {
      const fold = questions(texts);
      expect([questionOf(fold), questionsDifferBy(fold)])
        .toEqual([question, difference]);
    });
  }
});

describe("repliesOf()", () => {
  const rows: [replies: string[], text: string][] = [
    [["→ 0 rows"], "→ 0 rows"],
    [["→ 0 rows", "→ 0 rows"], "→ 0 rows  × 2"],
    [["→ 0 rows", "→ 0 rows", "→ 1 row"], "→ 0 rows × 2, 1 row × 1"],
    [
      ["a", "b", "c", "d", "e"].map((code) => `→ INSERT 0 1 (${code})`),
      "→ INSERT 0 1 (…)  × 5, all different",
    ],
    [
      ["→ 1", "→ 2", "→ 3", "→ 4", "→ 5", "→ 5"],
      "→ …  × 6, 5 different",
    ],
  ];
  for (const [texts, text] of rows) {
    it(`says ${text}`, () => {
      expect(repliesOf(replies(texts))).toBe(text);
    });
  }

  it("says which instance and which question got the odd one", () => {
    const fold = replies(["→ 302", "→ 302", "→ 503"], {
      kind: "request",
      questions: ["GET /a1", "GET /b2", "GET /c3"],
      instances: ["A", "B", "B"],
    });
    expect(repliesOf(fold)).toBe("→ 302 × 2, 503 × 1 (B c3)");
  });
});

function questions(texts: readonly string[]): Fold {
  return linkRows(texts.map((text, span): TraceRow => (
    { atMs: 0, instance: "A", kind: "redis", text, span }
  ))) as unknown as Fold;
}

interface Asked {
  readonly kind?: TraceKind;
  readonly questions?: readonly string[];
  readonly instances?: readonly string[];
}

function replies(
  texts: readonly string[],
  { kind = "postgres", questions = [], instances = [] }: Asked = {},
): Fold {
  const asked = texts.map((_, span): TraceRow => ({
    atMs: 0,
    instance: instances[span] ?? "A",
    kind,
    text: questions[span] ?? "SELECT 1",
    span,
  }));
  const answers = texts.map((text, span): TraceRow => (
    { ...asked[span]!, text, durationMs: 1 }
  ));
  return linkRows([...asked, ...answers])
    .slice(texts.length) as unknown as Fold;
}
