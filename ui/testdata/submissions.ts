/** Submissions as the server would list them, newest first. */
import type { SubmissionDetail } from "@contract/api.ts";
import type { Report } from "@contract/report.ts";
import {
  BURST_REPORT,
  INCONCLUSIVE_REPORT,
  LOAD_ERROR_REPORT,
  PASSED_REPORT,
  RACE_REPORT,
  SWEEP_REPORT,
} from "./reports.ts";

export const RACE_SYSTEM =
  `import type { Context, System } from "@contract/system.ts";

export default function rateLimiter({ redis, upstreams }: Context): System {
  return {
    async fetch(request) {
      const key = \`limit:\${request.headers.get("x-api-key")}\`;
      const used = Number(await redis.get(key) ?? 0);
      if (used >= 10) return new Response("Too many requests", { status: 429 });
      await redis.set(key, String(used + 1), { PX: 60_000 });
      return await upstreams.api!.fetch(new URL(request.url).pathname);
    },
  };
}
`;

export const SUBMISSIONS: readonly SubmissionDetail[] = [
  finished("s-race", RACE_REPORT, "2026-03-04T14:02:10Z"),
  finished("s-load-error", LOAD_ERROR_REPORT, "2026-03-04T13:58:41Z"),
  finished("s-inconclusive", INCONCLUSIVE_REPORT, "2026-03-04T13:50:02Z"),
  {
    ...finished("s-canceled", RACE_REPORT, "2026-03-04T13:49:55Z"),
    state: "canceled",
    verdict: "canceled",
    report: undefined,
    checks: [],
  },
  finished("s-burst", BURST_REPORT, "2026-03-04T13:40:00Z"),
  finished("s-sweep", SWEEP_REPORT, "2026-03-03T09:12:00Z"),
  finished("s-passed", PASSED_REPORT, "2026-03-02T16:40:30Z"),
  ...Array.from(
    { length: 24 },
    (_, index) =>
      finished(`s-old-${index}`, PASSED_REPORT, "2026-03-01T08:00:00Z"),
  ),
];

function finished(
  id: string,
  report: Report,
  receivedAt: string,
): SubmissionDetail {
  return {
    id,
    workshop: report.workshop,
    state: "finished",
    verdict: report.verdict,
    attempt: 1,
    receivedAt,
    finishedAt: report.finishedAt,
    checks: report.stages.flatMap(({ checks }) =>
      checks.map(({ id, status }) => ({ id, status }))
    ),
    files: {
      "system.ts": RACE_SYSTEM,
      "limits/lua.ts": "// Not used yet.\nexport {};\n",
    },
    report,
  };
}
