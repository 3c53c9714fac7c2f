import { provisionRedis } from "./redis_binary.ts";
import { startRunCluster } from "./run_cluster.ts";
import { makeRunFolder } from "./run_folder.ts";
import type { ProvisionOptions, StoresAddress } from "./types.ts";

/** Running throw-away stores; disposing ends every process and removes every file of theirs. */
export interface Stores extends AsyncDisposable {
  /** Plain JSON: hand it to other processes, which `connectStores` to it. */
  readonly address: StoresAddress;
  readonly versions: { readonly postgres: string; readonly redis: string };
}

/**
 * Starts a throw-away Postgres and finds a Redis (each check starts its own). The first start on a machine
 * prepares or fetches what is missing; later ones take about 0.2 s.
 */
export async function startStores(
  { onProgress = () => {}, signal }: ProvisionOptions = {},
): Promise<Stores> {
  await using opened = new AsyncDisposableStack();
  signal?.throwIfAborted();
  const folder = opened.use(await makeRunFolder());
  const runDir = folder.path;
  if (!folder.isInMemory) {
    onProgress(`Little memory in /dev/shm: stores are on disk in ${runDir}`);
  }
  const redis = await provisionRedis({ onProgress, signal });
  const cluster = opened.use(
    await startRunCluster({ runDir, onProgress, signal }),
  );
  const kept = opened.move();
  return {
    address: { postgres: cluster.address, redis, runDir },
    versions: { postgres: cluster.version, redis: redis.version },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
