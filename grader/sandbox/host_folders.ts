import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { closedFolder, closedPart } from "./open_to_others.ts";
import type { Account } from "./slot_account.ts";
import type { HostOptions } from "./types.ts";

/** Deno gives nothing below these but to a process that may do everything. */
export function refuseSpecialFolders(options: HostOptions): void {
  const { submissionDir, instanceDir, dataDir } = options;
  for (const folder of [submissionDir, instanceDir, dataDir]) {
    if (!/^\/(dev|proc|sys)\//.test(folder)) continue;
    throw new RangeError(
      `A sandboxed process cannot be given ${folder}: Deno keeps /dev, /proc and /sys closed. ` +
        "Use a folder below TMPDIR",
    );
  }
}

/**
 * Lets the slot's account work in the instance's folder and own the data folder; the submission it need only read.
 * The sticky bit keeps it from replacing what root put there: its sockets and its clock.
 */
export function giveFolders(
  { submissionDir, instanceDir, dataDir }: HostOptions,
  { uid, gid }: Account,
): void {
  Deno.chownSync(instanceDir, 0, gid);
  Deno.chmodSync(instanceDir, 0o1770);
  Deno.chownSync(dataDir, uid, gid);
  const closed = closedPart(submissionDir) ??
    closedFolder(dirname(instanceDir)) ?? closedFolder(dirname(dataDir));
  if (closed === undefined) return;
  throw new Error(
    `The class sandbox runs as uid ${uid}, which cannot enter ${closed}; ` +
      "give others the right to (chmod o+x), or use another folder",
  );
}

/** Lets the account connect to a socket, which needs the right to write to its file. Nothing else is touched. */
export function giveSocket(path: string, { gid }: Account): void {
  if (!existsSync(path) || !Deno.lstatSync(path).isSocket) return;
  Deno.chownSync(path, 0, gid);
  Deno.chmodSync(path, 0o660);
}
