import { existsSync } from "node:fs";
import { join } from "node:path";
import { giveSocket } from "./host_folders.ts";
import type { Account } from "./slot_account.ts";
import { DEFAULT_SOCKETS, type HostInit, type HostOptions } from "./types.ts";

/**
 * Makes the sockets of `init` ready for use: throws for one that the process was not started for, removes those
 * that a killed process left behind, and gives the rest to the account that is to connect to them.
 */
export function prepareSockets(
  init: HostInit,
  options: HostOptions,
  account: Account | undefined,
): void {
  const { instanceDir, sockets = DEFAULT_SOCKETS } = options;
  const allowed = new Set(sockets.map((name) => join(instanceDir, name)));
  for (const path of socketsOf(init)) {
    if (allowed.has(path)) continue;
    throw new RangeError(
      `The instance was started for the sockets ${sockets.join(", ")} ` +
        `in ${instanceDir}; ${path} is none of them`,
    );
  }
  for (const path of [init.httpSocket, init.tcpSocket]) {
    if (existsSync(path)) Deno.removeSync(path);
  }
  if (account === undefined) return;
  for (const path of socketsOf(init)) giveSocket(path, account);
  Deno.chmodSync(init.clockFile, 0o644); // Whatever our umask; only root may write it.
}

function socketsOf(init: HostInit): string[] {
  const { postgres, redisSocket, shards, peers, upstreams } = init;
  return [
    init.httpSocket,
    init.tcpSocket,
    ...(postgres ? [postgres.path] : []),
    ...(redisSocket ? [redisSocket] : []),
    ...Object.values(shards).map(({ path }) => path),
    ...Object.values(peers),
    ...Object.values(upstreams),
  ];
}
