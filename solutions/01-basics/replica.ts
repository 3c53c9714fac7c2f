/** 01.7: this instance's copy of the registers. It keeps the newest that it has heard of, and decides nothing. */
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
      CREATE TABLE IF NOT EXISTS registers (
        id text PRIMARY KEY,
        counter integer NOT NULL,
        writer text COLLATE "C" NOT NULL,
        value text NOT NULL
      )`);

  return {
    async read(id) {
      const [row] = await sql`
        SELECT counter, writer, value FROM registers WHERE id = ${id}`;
      if (row === undefined) return undefined;
      const { counter, writer, value } = row;
      return { value, stamp: { counter, writer } };
    },

    async store(id, { value, stamp: { counter, writer } }) {
      await sql`
        INSERT INTO registers (id, counter, writer, value)
        VALUES (${id}, ${counter}, ${writer}, ${value})
        ON CONFLICT (id) DO UPDATE SET counter = excluded.counter,
          writer = excluded.writer, value = excluded.value
        WHERE (registers.counter, registers.writer)
          < (excluded.counter, excluded.writer)`;
    },
  };
}
