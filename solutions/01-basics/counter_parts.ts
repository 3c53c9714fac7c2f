/** 01.6: what this instance knows of each counter: how much every instance has added to it. */
import type { Sql } from "postgres";
import { setUp } from "./set_up.ts";

/** One instance's share of one counter. Only that instance adds to it, so of two reports the higher is the later. */
export interface Part {
  readonly id: string;
  readonly instance: string;
  readonly count: number;
}

export interface CounterParts {
  add(part: Part): Promise<void>;
  /** Keeps the higher of both. Gives the ids of the counters that this was news for. */
  merge(parts: readonly Part[]): Promise<string[]>;
  of(ids: readonly string[]): Promise<Part[]>;
  allIds(): Promise<string[]>;
}

export async function openCounterParts(sql: Sql): Promise<CounterParts> {
  await setUp(sql, (transaction) =>
    transaction`
      CREATE TABLE IF NOT EXISTS counter_parts (
        id text,
        instance text,
        count double precision NOT NULL,
        PRIMARY KEY (id, instance)
      )`);

  return {
    async add({ id, instance, count }) {
      await sql`
        INSERT INTO counter_parts VALUES (${id}, ${instance}, ${count})
        ON CONFLICT (id, instance)
        DO UPDATE SET count = counter_parts.count + excluded.count`;
    },

    async merge(parts) {
      // In one order: two reports that lock the same rows in different orders would wait for each other.
      const rows = await sql`
        INSERT INTO counter_parts
        SELECT * FROM unnest(
          ${parts.map(({ id }) => id)}::text[],
          ${parts.map(({ instance }) => instance)}::text[],
          ${parts.map(({ count }) => count)}::double precision[]
        ) AS part (id, instance, count)
        ORDER BY id, instance
        ON CONFLICT (id, instance) DO UPDATE SET count = excluded.count
          WHERE counter_parts.count < excluded.count
        RETURNING id`;
      return rows.map(({ id }) => id);
    },

    async of(ids) {
      return [
        ...await sql<Part[]>`
          SELECT id, instance, count FROM counter_parts
          WHERE id = ANY(${[...ids]})`,
      ];
    },

    async allIds() {
      const rows = await sql`SELECT DISTINCT id FROM counter_parts`;
      return rows.map(({ id }) => id);
    },
  };
}
