/** 01.3: which shards are in use. One row in the database that all instances share; nobody trusts a copy of it. */
import type { Context } from "@contract/system.ts";
import type { TransactionSql } from "postgres";
import { setUp } from "./set_up.ts";

export interface Shards {
  /** One more with each change. */
  readonly epoch: number;
  readonly inUse: readonly string[];
  /** What was in use before the newest shard came; null once every key is where it belongs. */
  readonly previous: readonly string[] | null;
}

export interface ShardMap {
  read(): Promise<Shards>;
  /** The map does not change while `work` runs. Many may work at once. */
  during<T>(work: (shards: Shards) => Promise<T>): Promise<T>;
  /** Waits for all work under the old map. False when the shard is in use, or another is still being filled. */
  add(shard: string): Promise<boolean>;
  /** Every key is where it belongs; does nothing if `epoch` is no longer current. */
  settle(epoch: number): Promise<void>;
}

export async function openShardMap(
  { sql, shards, config }: Context,
): Promise<ShardMap> {
  const first = Object.keys(shards).sort().slice(0, Number(config.shardsInUse));
  await setUp(sql, async (transaction) => {
    await transaction`
      CREATE TABLE IF NOT EXISTS shard_map (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        epoch integer NOT NULL DEFAULT 1,
        in_use text[] NOT NULL,
        previous text[]
      )`;
    await transaction`
      INSERT INTO shard_map (in_use) VALUES (${first}) ON CONFLICT DO NOTHING`;
  });

  /** Waits for all who hold the map. A lock on the table queues; who shares the row could keep others away for ever. */
  function change<T>(work: (transaction: TransactionSql) => Promise<T>) {
    return sql.begin(async (transaction) => {
      await transaction`LOCK TABLE shard_map IN EXCLUSIVE MODE`;
      return await work(transaction);
    }) as Promise<T>;
  }

  return {
    async read() {
      const [row] = await sql<[Shards]>`
        SELECT epoch, in_use AS "inUse", previous FROM shard_map`;
      return row;
    },

    during<T>(work: (shards: Shards) => Promise<T>) {
      return sql.begin(async (transaction) => {
        const [row] = await transaction<[Shards]>`
          SELECT epoch, in_use AS "inUse", previous FROM shard_map FOR SHARE`;
        return await work(row);
      }) as Promise<T>;
    },

    async add(shard) {
      const rows = await change((transaction) =>
        transaction`
          UPDATE shard_map SET epoch = epoch + 1,
            in_use = in_use || ${shard}::text, previous = in_use
          WHERE previous IS NULL AND ${shard} <> ALL (in_use)
          RETURNING epoch`
      );
      return rows.length === 1;
    },

    async settle(epoch) {
      await change((transaction) =>
        transaction`
          UPDATE shard_map SET epoch = epoch + 1, previous = NULL
          WHERE epoch = ${epoch}`
      );
    },
  };
}
