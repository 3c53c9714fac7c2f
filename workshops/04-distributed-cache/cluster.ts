/** One node of a cluster: serves its own slots, and says where the others are. */
import type { CommandContext } from "./commands.ts";
import type { Session } from "./connection.ts";
import type { Migration } from "./migration.ts";
import type { NodeHealth } from "./node_health.ts";
import { type Command, notImplemented, type Reply } from "./resp.ts";
import type { SlotMap } from "./slot_map.ts";

export const PORT = 6379;

export interface Cluster {
  readonly slots: SlotMap;
  readonly migration: Migration;
  readonly health: NodeHealth;
}

/** Carries a command out, or answers with the error that sends the client elsewhere. */
export function runInCluster(
  _command: Command,
  _session: Session,
  _context: CommandContext & { readonly cluster: Cluster },
): Promise<Reply> {
  // TODO 04.3
  return Promise.resolve(
    notImplemented("04.3", "serve your own slots, say where the others are"),
  );
}

/** `CLUSTER …`. Without a cluster only KEYSLOT, which is plain arithmetic. */
export function runClusterCommand(
  _command: Command,
  _context: CommandContext & { readonly cluster?: Cluster },
): Reply {
  // TODO 04.3
  return notImplemented("04.3", "CLUSTER KEYSLOT, SLOTS and the others");
}
