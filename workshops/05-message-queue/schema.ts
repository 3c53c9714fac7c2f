/** Tables of the broker. */
import type { Context } from "@contract/system.ts";

/** Runs in each instance at its start, and two start at the same moment. */
export async function createTables(_context: Context): Promise<void> {
  // TODO 05.2: CREATE TABLE IF NOT EXISTS … under pg_advisory_xact_lock, or the second may fail half-way.
}
