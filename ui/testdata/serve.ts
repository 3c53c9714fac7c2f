/**
 * For work on the page: made-up data on 127.0.0.1:4700, with a run that begins again and again.
 *
 *     deno run -A npm:vite build ui && deno run -A ui/testdata/serve.ts
 *
 * @module
 */
import { eventsOf } from "./events_of.ts";
import { createFixtureServer } from "./fixture_server.ts";
import { RACE_REPORT } from "./reports.ts";
import { serveStatic } from "./static_files.ts";

const EVENT_MS = 400;

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
