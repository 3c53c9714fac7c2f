import { provisionRedis } from "./redis_binary.ts";
import { startRunCluster } from "./run_cluster.ts";
import { makeMemoryFolder, makeRunFolder } from "./run_folder.ts";
import { watchSpace } from "./watch_space.ts";
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
  const { path: runDir } = opened.use(await makeRunFolder());
  const memory = opened.use(await makeMemoryFolder());
  if (!memory.isInMemory) {
    onProgress(
      `Little memory in /dev/shm: stores are on disk in ${memory.path}`,
    );
  }
  const redis = await provisionRedis({ onProgress, signal });
  const cluster = opened.use(
    await startRunCluster({ runDir: memory.path, onProgress, signal }),
  );
  const { socketDir: folder } = cluster.address;
  opened.use(watchSpace({ folder, postgres: cluster.address, onProgress }));
  const kept = opened.move();
  return {
    address: { postgres: cluster.address, redis, runDir },
    versions: { postgres: cluster.version, redis: redis.version },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
