import { join } from "node:path";
import { endProcess } from "./owned_process.ts";
import {
  isRunning,
  pidOf,
  type ProcessIdentity,
  processIdentity,
} from "./process_identity.ts";

/** Options that postgres.js and node-postgres (so graphile-worker) both take. No URL: postgres.js has none for a socket. */
export interface KitConnection {
  /** Folder of the unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Who runs the kit's database, and where; kept beside its data while it runs. */
export interface RunningRecord {
  readonly server: ProcessIdentity;
  readonly owner: ProcessIdentity;
  readonly connection: KitConnection;
}

/** Notes that the server `pid` of ours runs on `folder`. */
export async function recordRunning(
  folder: string,
  { pid, connection }: {
    readonly pid: number;
    readonly connection: KitConnection;
  },
): Promise<void> {
  const [server, owner] = await Promise.all([
    processIdentity(pid),
    processIdentity(Deno.pid),
  ]);
  const record = JSON.stringify({ server, owner, connection });
  await Deno.writeTextFile(recordFile(folder), record, { mode: 0o600 });
}

/** What was noted last; undefined when the last server ended in order. */
export async function readRunning(
  folder: string,
): Promise<RunningRecord | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(recordFile(folder)));
  } catch {
    return undefined; // None, or half of one: Postgres's own lock decides.
  }
}

export async function forgetRunning(folder: string): Promise<void> {
  await Deno.remove(recordFile(folder)).catch(() => {}); // Forgotten already.
}

/** Ends a server on `folder` whose owner is gone. Throws when the owner lives. */
export async function endStaleServer(folder: string): Promise<void> {
  const record = await readRunning(folder);
  if (record === undefined) return;
  const { server, owner } = record;
  if (await isRunning(server)) {
    if (await isRunning(owner)) {
      throw new Error(
        `The database in ${folder} is in use by process ${pidOf(owner)}; ` +
          `end that, or set TRESTLE_DIR to another folder`,
      );
    }
    await endProcess(server);
  }
  await removeForeignLock(folder);
  await forgetRunning(folder);
}

/**
 * Postgres refuses to start while the pid in its lock file runs, whoever that is by now. For a pid that is gone
 * its own rule is better: it waits for backends that the old server left.
 */
async function removeForeignLock(folder: string): Promise<void> {
  const lock = join(folder, "data/postmaster.pid");
  const text = await Deno.readTextFile(lock).catch(() => ""); // Ended in order.
  const pid = Number.parseInt(text);
  if (pid > 0 && await processIdentity(pid) !== undefined) {
    await Deno.remove(lock);
  }
}

function recordFile(folder: string): string {
  return join(folder, "running.json");
}
