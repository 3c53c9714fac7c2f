/** This instance's copy of the registers: a log of all that it has heard. */
import type { Sql } from "postgres";
import { setUp } from "./set_up.ts";
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

export async function openReplica(sql: Sql): Promise<Replica> {
  await setUp(sql, (transaction) =>
    transaction`
      CREATE TABLE IF NOT EXISTS register_log (
        id text,
        counter integer,
        writer text COLLATE "C",
        value text NOT NULL,
        PRIMARY KEY (id, counter, writer)
      )`);

  return {
    async read(id) {
      const [row] = await sql`
        SELECT counter, writer, value FROM register_log WHERE id = ${id}
        ORDER BY counter DESC, writer DESC LIMIT 1`;
      if (row === undefined) return undefined;
      const { counter, writer, value } = row;
      return { value, stamp: { counter, writer } };
    },

    async store(id, { value, stamp: { counter, writer } }) {
      await sql`
        INSERT INTO register_log (id, counter, writer, value)
        VALUES (${id}, ${counter}, ${writer}, ${value})
        ON CONFLICT DO NOTHING`;
    },
  };
}
