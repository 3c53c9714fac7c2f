import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../exit_codes.ts";

const WORKER_FILE = z.object({ databaseUrl: z.string().min(1) });

/** The workers' login, as the server of this kit folder left it. Throws a UsageError when no server ever ran. */
export async function findWorkerDatabase(kitFolder: string): Promise<string> {
  const path = join(kitFolder, "worker.json");
  try {
    return WORKER_FILE.parse(JSON.parse(await Deno.readTextFile(path)))
      .databaseUrl;
  } catch (cause) {
    throw new UsageError(
      `A worker needs a server's database; ${path} names none. ` +
        "Start the server (deno task start), or give --database-url",
      { cause },
    );
  }
}
