import { dirname } from "node:path";

/**
 * Whom the stores run as. Postgres refuses root, so root lends it a uid that nothing else uses: as `nobody`,
 * any other `nobody` process of the machine could read the grades.
 */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Free by systemd's table of uid ranges (60706–61183 unassigned), so no account of the machine has it. */
const STORE_UID = 60_990;

/** The account to drop to; undefined for an ordinary user, whose stores run as that user. */
export function storeAccount(): Account | undefined {
  return Deno.uid() === 0 ? { uid: STORE_UID, gid: STORE_UID } : undefined;
}

/** Makes `folder` if it is missing and gives it to the stores' account, closed to everybody else but root. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const account = storeAccount();
  if (account !== undefined) {
    await Deno.chown(folder, account.uid, account.gid);
  }
}

/** Writes a file that only the stores' account, and root, can read. */
export async function writePrivateFile(
  path: string,
  text: string,
): Promise<void> {
  await Deno.writeTextFile(path, text, { mode: 0o600 });
  const account = storeAccount();
  if (account !== undefined) await Deno.chown(path, account.uid, account.gid);
}

/** Makes `folder`, and those above it, so that others can pass through it but not list it, whatever the umask. */
export async function makePassableFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await makePassableFolder(dirname(folder));
    return await makePassableFolder(folder);
  }
  await Deno.chmod(folder, 0o711);
}
