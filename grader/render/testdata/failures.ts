/** One report per kind of mistake that a learner meets; each has a text file beside it. */
import type { CheckReport, Failure } from "@contract/report.ts";
import type { TraceRow } from "@contract/trace.ts";

const SEED = "1a2b3c4d";

export const FAILURES: Readonly<Record<string, CheckReport>> = {
  not_built: report("03.1a", "admits exactly the limit", {
    rule: "Inside the limit requests pass",
    sent: "GET /api/x (X-Api-Key: alice) to A",
    expected: "200",
    received: "GET /api/x → 501\n  content-type: application/problem+json\n" +
      '  {"code":"not_implemented","detail":"Stage 03.1: build the fixed window in limiter.ts"}',
    hint: "Not built yet. Stage 03.1: build the fixed window in limiter.ts",
    trace: [
      { atMs: 52.1, instance: "A", kind: "process", text: "ready" },
      {
        atMs: 52.4,
        instance: "A",
        kind: "request",
        text: "GET /api/x",
        span: 1,
      },
      {
        atMs: 53.9,
        instance: "A",
        kind: "response",
        text: "→ 501",
        span: 1,
        durationMs: 1.5,
      },
    ],
  }),
  wrong_value: report("02.1a", "gives a code that redirects", {
    rule: "Location is the address exactly as it was posted",
    sent:
      'POST /links {"url":"https://Example.com/a?q=1"} to A\nGET /Ab3dE6g to A',
    expected: '"https://Example.com/a?q=1"',
    received: '"https://example.com/a?q=1"',
    hint: "Answer 302 with the url as it came.",
  }),
  invisible_character: report("02.1b", "keeps what was posted", {
    rule: "The body is kept byte for byte",
    expected: '"a\\nb"',
    received: '"a\\r\\nb\\u{200b}"',
  }),
  race_lost: report("03.4a", "admits exactly the limit over two instances", {
    rule: "Of 20 requests in one window exactly 10 may pass",
    sent: "20 × GET /api/x (X-Api-Key: alice), spread over A and B",
    expected: "{ 200: 10, 429: 10 }",
    received: "{ 200: 20 }",
    hint: "Check and count in one step: INCR, or a Lua script.",
    logs: ['A: admitted {"count":1}', 'B: admitted {"count":1}'],
    trace: [
      { atMs: 60, kind: "fault", text: "writes to redis are held" },
      {
        atMs: 60.2,
        instance: "A",
        kind: "request",
        text: "GET /api/x",
        span: 1,
      },
      {
        atMs: 60.3,
        instance: "B",
        kind: "request",
        text: "GET /api/x",
        span: 2,
      },
      {
        atMs: 61,
        instance: "A",
        kind: "redis",
        text: "GET limit:alice",
        span: 3,
      },
      {
        atMs: 61.1,
        instance: "A",
        kind: "redis",
        text: "→ null",
        span: 3,
        durationMs: 0.1,
      },
      {
        atMs: 61.2,
        instance: "B",
        kind: "redis",
        text: "GET limit:alice",
        span: 4,
      },
      {
        atMs: 61.4,
        instance: "B",
        kind: "redis",
        text: "→ null",
        span: 4,
        durationMs: 0.2,
      },
      {
        atMs: 62,
        instance: "A",
        kind: "redis",
        text: "SET limit:alice 1",
        span: 5,
      },
      {
        atMs: 62.1,
        instance: "B",
        kind: "redis",
        text: "SET limit:alice 1",
        span: 6,
      },
      { atMs: 103.2, kind: "fault", text: "held writes to redis go on" },
      {
        atMs: 103.4,
        instance: "A",
        kind: "redis",
        text: "→ OK",
        span: 5,
        durationMs: 41.4,
        heldMs: 41.2,
      },
      {
        atMs: 103.5,
        instance: "B",
        kind: "redis",
        text: "→ OK",
        span: 6,
        durationMs: 41.4,
        heldMs: 41.1,
      },
      {
        atMs: 104,
        instance: "A",
        kind: "response",
        text: "→ 200",
        span: 1,
        durationMs: 43.8,
      },
      {
        atMs: 104.4,
        instance: "B",
        kind: "response",
        text: "→ 200",
        span: 2,
        durationMs: 44.1,
      },
    ],
  }),
  killed_long_before: report("05.3a", "keeps what it acknowledged", {
    rule: "A message that was acknowledged is delivered",
    trace: [
      ...commands(1, 20),
      { atMs: 80.5, instance: "A", kind: "process", text: "killed" },
      ...commands(21, 30),
      { atMs: 90.5, kind: "fault", text: "cut off begins" },
      ...commands(31, 50),
      {
        atMs: 111,
        instance: "B",
        kind: "redis",
        text:
          'EVAL "local n = redis.call("INCR", KEYS[1]) if n == 1 then redi…" 1 limit:alice 10',
        span: 99,
      },
      {
        atMs: 111.3,
        instance: "B",
        kind: "redis",
        text: "→ 1",
        span: 99,
        durationMs: 0.3,
      },
    ],
  }),
  time_out: {
    ...report("03.6a", "answers while Redis is away", {
      rule: "The check ends within 10 s",
      sent: "GET /api/x (X-Api-Key: alice) to A",
      expected: "an answer to every request",
      received: "no answer to GET /api/x to A (9.9 s)",
      hint: "Give every Redis call a deadline.",
    }),
    status: "timeout",
    wallMs: 10_061,
  },
  load_error: {
    ...report("02.1a", "gives a code that redirects", {
      rule: "system.ts:12:7: Unexpected token `}`",
    }),
    status: "error",
  },
  crash: {
    ...report("05.2a", "keeps a message that it acknowledged", {
      rule:
        "An error that nothing caught ended the process: TypeError: rows is not iterable (queue.ts:31:20)",
      sent: 'POST /queues/q/messages {"body":"x"} to A',
      logs: Array.from({ length: 15 }, (_, index) => `A: line ${index + 1}`),
      trace: [
        {
          atMs: 70.5,
          instance: "A",
          kind: "process",
          text: "An error that nothing caught ended the process",
        },
      ],
    }),
    status: "error",
  },
  inconclusive: {
    ...report("01.5a", "lets one writer win", {
      rule:
        "The check could not decide: Nobody wrote to postgres while its writes were held",
    }),
    status: "inconclusive",
    attempts: 3,
  },
};

/** Commands on a key each, so that no two become one line. */
function commands(first: number, last: number): TraceRow[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    atMs: 60 + first + index,
    instance: "A",
    kind: "redis",
    text: `GET ${"abcdefghij"[(first + index) % 10]}${
      "klmnop"[Math.floor((first + index) / 10)]
    }`,
  }));
}

function report(
  id: string,
  title: string,
  failure: Partial<Failure> & Pick<Failure, "rule">,
): CheckReport {
  return {
    id,
    title,
    kind: "api",
    status: "fail",
    wallMs: 61,
    attempts: 1,
    failure: { logs: [], trace: [], seed: SEED, ...failure },
  };
}
