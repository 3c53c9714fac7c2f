import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildOnce } from "./build_once.ts";
import { findOnPath } from "./find_on_path.ts";
import { makeKitFolder } from "./kit_folder.ts";
import { run } from "./run_command.ts";
import type { ProvisionedBinary, ProvisionOptions } from "./types.ts";

/**
 * Builds Redis from source by the package redis-memory-server: the way for systems without apt. In a process
 * of its own, without our configuration, so that nobody else has to install that package.
 */
export async function buildRedis(
  { onProgress, signal }:
    & Required<Pick<ProvisionOptions, "onProgress">>
    & Pick<ProvisionOptions, "signal">,
): Promise<ProvisionedBinary> {
  if (findOnPath("make") === undefined) {
    throw new Error("Building Redis from source needs make and a C compiler");
  }
  const target = join(await makeKitFolder("redis"), "built");
  await buildOnce(target, async (draft) => {
    onProgress("Building Redis from source (a minute or two, once)");
    const builder = fileURLToPath(
      new URL("build_redis_main.ts", import.meta.url),
    );
    const denoDir = Deno.env.get("DENO_DIR");
    const env = {
      HOME: Deno.env.get("HOME") ?? draft,
      ...(denoDir && { DENO_DIR: denoDir }),
    };
    const flags = ["-A", "--no-config", "--no-lock", "--quiet"];
    await run(Deno.execPath(), ["run", ...flags, builder, draft], {
      signal,
      env,
    });
  });
  return { binary: join(target, "redis-server"), libraryPath: "" };
}
