/** 01.7: registers on a majority of three copies. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";
import { openReplica, type Replica, type Stored } from "./replica.ts";
import type { Stamp } from "./stamp.ts";

export interface Registers {
  /** Gives the new version. */
  write(id: string, value: string): Promise<Stamp>;
  read(id: string): Promise<Stored | undefined>;
  /** From this instance's own copy, unless that is older than `min`. */
  readLocal(id: string, min: Stamp | undefined): Promise<Stored | undefined>;
  /** For the peers. */
  readonly own: Replica;
}

export async function openRegisters(context: Context): Promise<Registers> {
  const own = await openReplica(context.sql);
  // TODO 01.7: ask a majority (quorum.ts) of your own copy and the peers' (peer_replica.ts).
  const toBuild = (): never => {
    throw notImplemented("01.7 CP register", "ask a majority in registers.ts");
  };
  return { own, write: toBuild, read: toBuild, readLocal: toBuild };
}
