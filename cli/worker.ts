/**
 * `deno task worker`: one more process that grades, on this machine or on another.
 *
 * @module
 */
import { join } from "node:path";
import { findKitFolder } from "../grader/stores/mod.ts";
import { PROJECT_DIR } from "../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { findWorkerDatabase } from "./service/worker_database.ts";
import { onInterrupt } from "./signals.ts";

/** More runs at once than this is more than one machine's work. */
const SLOTS_MAX = 64;

export interface WorkerOptions {
  /** Default: that of the server on this machine. */
  readonly databaseUrl?: string;
  /** Runs at once. A run needs a core of its own. */
  readonly slots?: number;
}

/** Grades until it is interrupted; the run under way may end. A second Ctrl-C gives it back to the queue. */
export async function worker(
  { databaseUrl, slots = 1 }: WorkerOptions = {},
): Promise<ExitCode> {
  if (slots < 1 || slots > SLOTS_MAX) {
    throw new UsageError(
      `--slots is a number from 1 to ${SLOTS_MAX}, not ${slots}`,
    );
  }
  const url = databaseUrl ?? Deno.env.get("WORKER_DATABASE_URL") ??
    await findWorkerDatabase(findKitFolder());
  using interrupt = onInterrupt();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", join(PROJECT_DIR, "server/worker.ts")],
      ...["--tied", "--slots", String(slots)],
    ],
    env: { WORKER_DATABASE_URL: url },
    // In a session of its own: the terminal's Ctrl-C reaches it through us, once. It ends when this pipe closes.
    detached: true,
    stdin: "piped",
  }).spawn();
  interrupt.signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const { code } = await child.status;
  return code === 0 ? EXIT.passed : EXIT.wrong;
}
