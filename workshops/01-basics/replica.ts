/** 01.7: this instance's copy of the registers. It decides nothing. */
import type { Sql } from "postgres";
import { notImplemented } from "./problem.ts";
import type { Stamp } from "./stamp.ts";

export interface Stored {
  readonly value: string;
  readonly stamp: Stamp;
}

/** One of the three copies: this instance's own, or a peer's. */
export interface Replica {
  read(id: string): Promise<Stored | undefined>;
  /** Resolves once the copy has this or something newer, durably. */
  store(id: string, stored: Stored): Promise<void>;
}

export function openReplica(_sql: Sql): Promise<Replica> {
  // TODO 01.7: a table that keeps, for each register, the newest that this instance has heard of.
  const toBuild = (): never => {
    throw notImplemented("01.7 CP register", "keep a copy in replica.ts");
  };
  return Promise.resolve({ read: toBuild, store: toBuild });
}
