import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DatabaseAddress, formatDatabaseUrl } from "../db/connect.ts";

/** A worker process and the gate that its runs wait at. */
export interface SpawnedWorker extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  /** Lets its runs end. */
  openGate(): Promise<void>;
  /** Closes its standard input, as the death of its parent would. */
  orphan(): Promise<void>;
}

export async function spawnWorker(
  address: DatabaseAddress,
  { drainMs = 20_000 }: { drainMs?: number } = {},
): Promise<SpawnedWorker> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-worker-" });
  const gateFile = join(dir, "gate");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      fileURLToPath(new URL("./worker_process.ts", import.meta.url)),
      formatDatabaseUrl(address),
      dir,
      gateFile,
      String(drainMs),
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isOrphan = false;
  const orphan = async () => {
    if (!isOrphan) await child.stdin.close();
    isOrphan = true;
  };
  return {
    child,
    openGate: () => Deno.writeTextFile(gateFile, ""),
    orphan,
    async [Symbol.asyncDispose]() {
      await orphan().catch(() => {}); // It may be dead already.
      await child.status;
      await Deno.remove(dir, { recursive: true });
    },
  };
}
