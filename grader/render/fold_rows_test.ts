import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { TraceRow } from "@contract/trace.ts";
import { foldRows } from "./fold_rows.ts";

describe("foldRows()", () => {
  it("joins what racing requests did alike, and keeps the lab's moments apart", () => {
    const rows: TraceRow[] = [
      ...[1, 2, 3].flatMap((n) => [
        row("postgres", `SELECT 1 FROM links WHERE url = 'x${n}'`, "A"),
        row("postgres", "→ 0 rows", "A"),
      ]),
      row("postgres", "INSERT INTO links VALUES ('a')", "B"),
      row("fault", "held writes to postgres go on"),
      row("postgres", "INSERT INTO links VALUES ('b')", "A"),
    ];
    const shown = foldRows(rows)
      .map(({ row, count, instances }) =>
        `${count} × ${row.text.slice(0, 8)} ${instances.join("")}`
      );
    expect(shown).toEqual([
      "3 × SELECT 1 A",
      "3 × → 0 rows A",
      "1 × INSERT I B",
      "1 × held wri ",
      "1 × INSERT I A",
    ]);
  });

  it("does not join different keys", () => {
    const rows = [row("redis", "GET a", "A"), row("redis", "GET b", "A")];
    expect(foldRows(rows)).toHaveLength(2);
  });
});

function row(
  kind: TraceRow["kind"],
  text: string,
  instance?: string,
): TraceRow {
  return { atMs: 0, kind, text, instance };
}
