/**
 * For work on the page: made-up data on 127.0.0.1:4700, with a run that begins again and again.
 *
 *     deno run -A npm:vite build ui && deno run -A ui/testdata/serve.ts
 *
 * @module
 */
import type { SubmissionEvent } from "@contract/events.ts";
import type { Report } from "@contract/report.ts";
import { createFixtureServer } from "./fixture_server.ts";
import { RACE_REPORT } from "./reports.ts";
import { serveStatic } from "./static_files.ts";

const EVENT_MS = 400;

/** What the grader would have said while it made `report`. */
export function* eventsOf(report: Report): Generator<SubmissionEvent> {
  yield { kind: "queued", position: 2, etaMs: 6000 };
  yield { kind: "queued", position: 1, etaMs: 3000 };
  yield { kind: "claimed", attempt: 1 };
  const stages = report.stages.map(({ number }) => number);
  yield { kind: "run_started", seed: report.seed, stages };
  for (const stage of report.stages) {
    const { number, title, checks } = stage;
    yield { kind: "stage_started", stage: number, title };
    for (const check of checks) {
      const { id, title } = check;
      yield { kind: "check_started", stage: number, id, title };
      yield { kind: "check_finished", stage: number, check };
    }
    yield { kind: "stage_finished", stage };
  }
  yield { kind: "run_finished", report };
}

if (import.meta.main) {
  const fixture = createFixtureServer();
  const dist = new URL("../dist/", import.meta.url);
  Deno.serve(
    { hostname: "127.0.0.1", port: Number(Deno.args[0] ?? 4700) },
    (request) =>
      new URL(request.url).pathname.startsWith("/api/")
        ? fixture.handle(request)
        : serveStatic(dist, request),
  );
  if (Deno.args.includes("--live")) {
    fixture.begin();
    const events = eventsOf(RACE_REPORT);
    const timer = setInterval(() => {
      const { value, done } = events.next();
      if (done) clearInterval(timer);
      else fixture.push(value);
    }, EVENT_MS);
  }
}
