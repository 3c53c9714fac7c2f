import type { Context } from "@contract/system.ts";

/** Every way to ask for the time, and a wait for a later one. */
export default ({ clock }: Context) => ({
  async fetch(request: Request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/sleep") {
      await clock.sleepUntil(Number(searchParams.get("until")));
      return new Response("awake");
    }
    return Response.json({
      clock: clock.now(),
      now: Date.now(),
      fresh: new Date().getTime(),
      // The way in through an instance.
      constructed: new (new Date(0).constructor as DateConstructor)().getTime(),
      called: Date() === new Date().toString(),
      fixed: new Date(2020, 0).getFullYear(),
      parsed: Date.parse("2020-01-01T00:00:00Z"),
      isDate: new Date() instanceof Date,
      temporal: Temporal.Now.instant().epochMilliseconds,
      zoned: String(Temporal.Now.plainDateISO("UTC")),
      performance: performance.now() < 60_000,
    });
  },
});
