import { findOnPath } from "./find_on_path.ts";
import { run } from "./run_command.ts";
import type { StoresAddress } from "./types.ts";

export interface FoundRedis {
  readonly address: StoresAddress["redis"];
  /** "7.0.15" */
  readonly version: string;
}

/** Finds a Redis to run: one on PATH, Valkey being as good. */
export async function findRedis(): Promise<FoundRedis> {
  const installed = await findOnPath("redis-server") ??
    await findOnPath("valkey-server");
  if (installed === undefined) throw new Error("Redis is not installed");
  return await describe({ binary: installed, libraryPath: "" });
}

async function describe(address: StoresAddress["redis"]): Promise<FoundRedis> {
  const printed = await run(address.binary, ["--version"]);
  return { address, version: /v=(\S+)/.exec(printed)?.[1] ?? "unknown" };
}
