/** Reports are slow to make. However many ask for one, one instance makes it and the others wait for that. */
import type { Context } from "@contract/system.ts";
import { ProblemError } from "./problem.ts";
import { type ReportCache, reportCache } from "./report_cache.ts";
import { SingleFlight } from "./single_flight.ts";

/** Real time between two looks at what another instance is doing. */
const LOOK_AGAIN_MS = 25;
const LOADER_MS_MAX = 30_000;

export interface Reports {
  /** The report as the loader made it. */
  read(id: string): Promise<string>;
}

export function openReports(context: Context): Reports {
  const { log, upstreams } = context;
  const cache = reportCache(context);
  const flights = new SingleFlight<string>();

  const fly = (id: string) =>
    flights.run(id, () => loadOnce(id, cache, () => load(upstreams, id)));

  return {
    async read(id) {
      const glance = await cache.glance(id).catch((error) => {
        log("reports not asked for in Redis", { error: String(error) });
        return { status: "away" } as const;
      });
      if (glance.status === "fresh") return glance.body;
      if (glance.status === "away") {
        // Nothing more is asked of Redis: it has been waited for already.
        return await flights.run(id, () => load(upstreams, id));
      }
      const flight = fly(id);
      if (glance.status === "miss") return await flight;
      // The old one will do while somebody makes the new one.
      flight.catch((error) => log("report not renewed", { error: `${error}` }));
      return glance.body;
    },
  };
}

/** Loads a report while holding its lease, or waits for the instance that does. */
async function loadOnce(
  id: string,
  cache: ReportCache,
  loadReport: () => Promise<string>,
): Promise<string> {
  const token = crypto.randomUUID();
  for (;;) {
    const lease = await cache.takeLease(id, token).catch(() => "away" as const);
    if (lease === "away") return await loadReport();
    if (lease === "leased") break;
    if (lease !== "busy" && lease.status === "fresh") return lease.body;
    // Its holder finishes, or is dead and the lease runs out: either way this loop ends.
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  try {
    const report = await loadReport();
    await cache.store(id, report).catch(() => {}); // Redis is away: the report is good all the same.
    return report;
  } finally {
    // Not ended, it runs out by itself.
    await cache.endLease(id, token).catch(() => {});
  }
}

/** Only a 200 is a report. Whatever else comes is told to those who wait and not kept. */
async function load(
  { loader }: Context["upstreams"],
  id: string,
): Promise<string> {
  const answer = await loader!.fetch(`/reports/${encodeURIComponent(id)}`, {
    signal: AbortSignal.timeout(LOADER_MS_MAX),
  }).catch(loaderFailed);
  // It may still hang up in the middle.
  if (answer.status === 200) return await answer.text().catch(loaderFailed);
  await answer.body?.cancel();
  if (answer.status !== 404) {
    return loaderFailed(`it answered ${answer.status}`);
  }
  throw new ProblemError(404, "not_found", `There is no report ${id}`);
}

function loaderFailed(reason: unknown): never {
  throw new ProblemError(502, "loader_failed", `The loader failed: ${reason}`);
}
