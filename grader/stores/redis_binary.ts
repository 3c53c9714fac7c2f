import { buildRedis } from "./build_redis.ts";
import { hasDebianPackages, unpackDebianPackage } from "./debian_packages.ts";
import { findOnPath } from "./find_on_path.ts";
import { installCommand } from "./install_command.ts";
import { run } from "./run_command.ts";
import type {
  ProvisionedBinary,
  ProvisionOptions,
  StoresAddress,
} from "./types.ts";

/**
 * A Redis to run: one on PATH (Valkey is as good), else Debian's package unpacked into the kit's folder, else
 * one built from source. Throws with the command to type where none works.
 */
export async function provisionRedis(
  options: ProvisionOptions = {},
): Promise<StoresAddress["redis"]> {
  const installed = findOnPath("redis-server") ??
    findOnPath("valkey-server");
  if (installed !== undefined) {
    return await withVersion({ binary: installed, libraryPath: "" });
  }
  try {
    return await withVersion(await fetchRedis(options));
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new Error(
      `Redis is not installed, and fetching it failed (is there a network?). ` +
        `Run: ${await redisInstallCommand()}`,
      { cause },
    );
  }
}

async function fetchRedis(
  { onProgress = () => {}, signal }: ProvisionOptions,
): Promise<ProvisionedBinary> {
  if (!hasDebianPackages()) {
    return await buildRedis({ onProgress, signal });
  }
  return await unpackDebianPackage({
    name: "redis-server",
    binary: "usr/bin/redis-server",
    onProgress,
    signal,
  });
}

async function withVersion(
  found: ProvisionedBinary,
): Promise<StoresAddress["redis"]> {
  const env = { LD_LIBRARY_PATH: found.libraryPath };
  const printed = await run(found.binary, ["--version"], { env });
  return { ...found, version: /v=(\S+)/.exec(printed)?.[1] ?? "unknown" };
}

/** For people to copy. */
function redisInstallCommand(): Promise<string> {
  return installCommand({
    apt: "redis-server",
    dnf: "valkey",
    pacman: "valkey",
    apk: "valkey",
    zypper: "valkey",
    brew: "redis",
  });
}
