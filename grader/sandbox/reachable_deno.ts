import { existsSync } from "node:fs";
import { join } from "node:path";
import { closedPart } from "./open_to_others.ts";
import { sandboxFolder } from "./sandbox_folder.ts";
import type { Account } from "./slot_account.ts";

/** Path of Deno for the sandbox's account: root's own may lie under /root, which nobody else can enter. */
export function reachableDeno(account: Account | undefined): string {
  const own = Deno.realPathSync(Deno.execPath());
  if (account === undefined || closedPart(own) === undefined) return own;
  const copy = join(sandboxFolder(), `deno-${Deno.version.deno}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${Deno.pid}`;
  Deno.copyFileSync(own, draft);
  Deno.chmodSync(draft, 0o755);
  Deno.renameSync(draft, copy);
  return copy;
}
