import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { denoFlags } from "./deno_flags.ts";
import type { HostBundle } from "./host_bundle.ts";
import {
  DEFAULT_SOCKETS,
  type HostLimits,
  type HostOptions,
  REDIS_SOCKET,
} from "./types.ts";

/** The Deno layer: nothing but the submission, the bundle, this instance's sockets and its data. */
export function denoCommand(
  { submissionDir, instanceDir, dataDir, sockets = DEFAULT_SOCKETS }:
    HostOptions,
  { deno, bundle, controlSocket, limits }: {
    readonly deno: string;
    readonly bundle: HostBundle;
    readonly controlSocket: string;
    readonly limits: HostLimits;
  },
): string[] {
  const paths = [
    controlSocket,
    ...sockets.map((name) => join(instanceDir, name)),
  ];
  return [
    deno,
    ...denoFlags(bundle, limits),
    `--allow-read=${list([submissionDir, bundle.dir, instanceDir, dataDir])}`,
    `--allow-write=${list([...paths, dataDir])}`,
    `--allow-net=${list(paths.map((path) => `unix:${path}`))}`,
    bundle.main,
    controlSocket,
    pathToFileURL(`${submissionDir}/`).href,
    dataDir,
    ...(sockets.includes(REDIS_SOCKET) ? ["redis"] : []),
  ];
}

/** Deno's lists are split at commas; a doubled one stands for itself. */
function list(values: readonly string[]): string {
  return values.map((value) => value.replaceAll(",", ",,")).join(",");
}
