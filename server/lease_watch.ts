import type { Sql } from "postgres";
import type { Log } from "./log.ts";

const INTERVAL_MS = 5_000;

/** Brings back the runs of workers that have died, also when no other worker is alive to notice. */
export function watchLeases(sql: Sql, log: Log): Disposable {
  const timer = setInterval(async () => {
    try {
      const [row] = await sql<{ released: number }[]>`
        SELECT trestle.release_lost_leases() AS released`;
      if (row!.released > 0) log("warning", "leases_lost", { ...row });
    } catch (error) {
      log("error", "lease_watch_failed", { error: String(error) });
    }
  }, INTERVAL_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
