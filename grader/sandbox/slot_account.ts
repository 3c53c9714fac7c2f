import { join } from "node:path";
import { sandboxFolder } from "./sandbox_folder.ts";

/** Whom sandboxes run as when root starts them. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Free by systemd's table of uid ranges (60706–61183 unassigned); the stores use 60990. */
const SLOT_UID_MIN = 61_000;
const SLOTS_MAX = 128;

let taken: Account | undefined;

/**
 * The account of this process's slot: root runs nobody's code as root, and no two graders at work share a uid, so
 * neither can count against, signal or read what the other one started. An ordinary user's sandboxes run as that
 * user: undefined.
 */
export function slotAccount(): Account | undefined {
  if (Deno.uid() !== 0) return undefined;
  return taken ??= takeFreeAccount();
}

/** A slot is held by a file lock: the kernel gives it back however its holder ends. */
function takeFreeAccount(): Account {
  const folder = sandboxFolder("slots");
  for (let uid = SLOT_UID_MIN; uid < SLOT_UID_MIN + SLOTS_MAX; uid++) {
    const options = { create: true, write: true, mode: 0o600 };
    const file = Deno.openSync(join(folder, String(uid)), options);
    // The lock lasts as long as the open file: until this process ends.
    if (file.tryLockSync(true)) return { uid, gid: uid };
    file.close();
  }
  throw new Error(
    `All ${SLOTS_MAX} sandbox accounts of ${folder} are in use; run fewer graders at once`,
  );
}
