/** 01.6: all additions that this instance knows of, in the order in which each instance made its own. */
import type { Sql } from "postgres";
import { setUp } from "./set_up.ts";

export interface Addition {
  readonly instance: string;
  /** 1, 2, 3, … for each instance, without a gap. */
  readonly number: number;
  readonly id: string;
  readonly amount: number;
}

export interface Additions {
  /** Resolves once it is durable. */
  add(id: string, amount: number): Promise<void>;
  /** The first few of this instance's own after number `after`. */
  ownAfter(after: number): Promise<Addition[]>;
  /** How many of an instance's additions are known here. */
  knownOf(instance: string): Promise<number>;
  take(additions: readonly Addition[]): Promise<void>;
  sumOf(id: string): Promise<number>;
}

const PAGE = 500;

export async function openAdditions(
  sql: Sql,
  instance: string,
): Promise<Additions> {
  await setUp(sql, async (transaction) => {
    await transaction`
      CREATE TABLE IF NOT EXISTS additions (
        instance text,
        number integer,
        id text NOT NULL,
        amount integer NOT NULL,
        PRIMARY KEY (instance, number)
      )`;
    await transaction`
      CREATE TABLE IF NOT EXISTS last_number (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        number integer NOT NULL DEFAULT 0
      )`;
    await transaction`
      INSERT INTO last_number DEFAULT VALUES ON CONFLICT DO NOTHING`;
  });

  return {
    async add(id, amount) {
      await sql.begin(async (transaction) => {
        // The lock on this row makes the order of numbers the order of commits: who knows 7 cannot have missed 6.
        const [last] = await transaction`
          UPDATE last_number SET number = number + 1 RETURNING number`;
        await transaction`
          INSERT INTO additions VALUES
            (${instance}, ${last!.number}, ${id}, ${amount})`;
      });
    },

    async ownAfter(after) {
      return [
        ...await sql<Addition[]>`
          SELECT instance, number, id, amount FROM additions
          WHERE instance = ${instance} AND number > ${after}
          ORDER BY number LIMIT ${PAGE}`,
      ];
    },

    async knownOf(other) {
      const [row] = await sql`
        SELECT coalesce(max(number), 0) AS number FROM additions
        WHERE instance = ${other}`;
      return row!.number;
    },

    async take(additions) {
      await sql`
        INSERT INTO additions
        SELECT * FROM unnest(
          ${additions.map(({ instance }) => instance)}::text[],
          ${additions.map(({ number }) => number)}::integer[],
          ${additions.map(({ id }) => id)}::text[],
          ${additions.map(({ amount }) => amount)}::integer[])
        ON CONFLICT DO NOTHING`;
    },

    async sumOf(id) {
      const [row] = await sql`
        SELECT coalesce(sum(amount), 0)::double precision AS sum
        FROM additions WHERE id = ${id}`;
      return row!.sum;
    },
  };
}
