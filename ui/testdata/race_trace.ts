/** Evidence of a check-then-act race: two instances read 9 before either of them wrote. */
import type { TraceKind, TraceRow } from "@contract/trace.ts";

/** Requests at once to two instances; a gate holds all writes until everybody has read. */
export function raceTrace(requestCount = 4): TraceRow[] {
  const requests = Array.from({ length: requestCount }, (_, index) => index)
    .flatMap(oneRequest);
  const gate: TraceRow[] = [
    { atMs: 0, kind: "fault", text: "writes to redis are held" },
    { atMs: 122.4, kind: "fault", text: `${requestCount} held writers go on` },
  ];
  return [...gate, ...requests].sort((a, b) => a.atMs - b.atMs);
}

/** The same with long keys and values, after two instances have made their tables. */
export function raceTraceWithSetUp(requestCount: number): TraceRow[] {
  const setUp = ["A", "B"].flatMap((instance, index): TraceRow[] => {
    const atMs = index * 3;
    const kind = "postgres";
    const text = "CREATE TABLE IF NOT EXISTS policies (name text PRIMARY KEY)";
    const [table, lock] = [-2 * index - 1, -2 * index - 2];
    return [
      {
        atMs,
        instance,
        kind,
        text: "SELECT pg_advisory_xact_lock(1)",
        span: lock,
      },
      {
        atMs: atMs + 1,
        instance,
        kind,
        text: "→ 1 row ()",
        span: lock,
        durationMs: 1,
      },
      { atMs: atMs + 2, instance, kind, text, span: table },
      {
        atMs: atMs + 5,
        instance,
        kind,
        text: "→ CREATE TABLE",
        span: table,
        durationMs: 3,
      },
      { atMs: atMs + 40, instance, kind: "process", text: "ready" },
    ];
  });
  const race = raceTrace(requestCount)
    .map((row) => ({
      ...row,
      atMs: row.atMs + 1000,
      text: row.text.replace("limit:alice", "limit:fixed:key:client-R7WCulob6k")
        .replace(
          '"9"',
          '["{"startMs":1795471200000,"count":9}", "1795472640000"]',
        ),
    }));
  return [...setUp.sort((a, b) => a.atMs - b.atMs), ...race];
}

function oneRequest(index: number): TraceRow[] {
  const instance = index % 2 === 0 ? "A" : "B";
  const lateMs = index * 0.14;
  const span = (offset: number) => index * 4 + offset + 1;
  const row = (
    atMs: number,
    kind: TraceKind,
    text: string,
    more: Partial<TraceRow> = {},
  ): TraceRow => ({
    atMs: Math.round((atMs + lateMs) * 10) / 10,
    instance,
    kind,
    text,
    ...more,
  });
  return [
    row(0.3, "request", "GET /api/x", { span: span(0) }),
    row(0.9, "redis", "GET limit:alice", { span: span(1) }),
    row(1.6, "redis", '→ "9"', { span: span(1), durationMs: 0.7 }),
    row(2.2, "redis", "SET limit:alice 10 PX 60000", { span: span(2) }),
    row(122.7, "redis", "→ OK", {
      span: span(2),
      durationMs: 120.5,
      heldMs: 120.2 - lateMs,
    }),
    row(123.3, "upstream", "api GET /x", { span: span(3) }),
    row(124.5, "upstream", "→ 200", { span: span(3), durationMs: 1.2 }),
    row(125.1, "response", "→ 200", {
      span: span(0),
      durationMs: 124.8,
    }),
  ];
}
