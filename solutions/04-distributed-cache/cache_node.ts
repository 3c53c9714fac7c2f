/** Puts a cache node together: items, commands, and, where there are other nodes, the cluster. */
import type { Context } from "@contract/system.ts";
import { type Cluster, runClusterCommand, runInCluster } from "./cluster.ts";
import { nameOf, runCommand, wrongNumber } from "./commands.ts";
import { type Execute, serveConnection } from "./connection.ts";
import { evictionPolicy } from "./eviction.ts";
import { ItemStore } from "./item_store.ts";
import { keyMigration } from "./migration.ts";
import { nodeHealth } from "./node_health.ts";
import { OK } from "./resp.ts";
import { SlotMap } from "./slot_map.ts";

export interface CacheNode {
  readonly cluster: Cluster;
  tcp(connection: Deno.Conn): Promise<void>;
}

export function cacheNode(context: Context): CacheNode {
  const { clock, config } = context;
  const maxItems = Number(config.maxItems);
  const policy = evictionPolicy(context);
  const items = new ItemStore({ clock, policy, maxItems });
  const cluster: Cluster = {
    slots: new SlotMap(context),
    migration: keyMigration(context, items),
    health: nodeHealth(context),
  };
  const isCluster = config.cluster === true;

  const execute: Execute = async (command, session) => {
    const name = nameOf(command);
    if (name === "CLUSTER") {
      const known = isCluster ? { items, clock, cluster } : { items, clock };
      return runClusterCommand(command, known);
    }
    if (!isCluster) return runCommand(command, { items, clock });
    if (name === "ASKING") {
      session.isAsking = true;
      return OK;
    }
    if (name === "MIGRATE") {
      if (command.length !== 6) return wrongNumber(name);
      return await cluster.migration.migrate(command);
    }
    const { isAsking } = session;
    session.isAsking = false;
    return await runInCluster(command, { isAsking }, { items, clock, cluster });
  };

  return { cluster, tcp: (connection) => serveConnection(connection, execute) };
}
