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

/** The slot's account gets the instance's own folders; the submission it need only read. */
export function giveFolders(
  { submissionDir, instanceDir, dataDir }: HostOptions,
  account: Account,
): void {
  give(instanceDir, account);
  give(dataDir, account);
  const closed = [closedPart(submissionDir), closedFolder(instanceDir)]
    .find((folder) => folder !== undefined);
  if (closed === undefined) return;
  throw new Error(
    `The class sandbox runs as uid ${account.uid}, which cannot enter ${closed}; ` +
      "give others the right to (chmod o+x), or use another folder",
  );
}

/** Makes `account` the owner of a file or folder. */
export function give(path: string, { uid, gid }: Account): void {
  Deno.chownSync(path, uid, gid);
}
