/** 01.3: which shards are in use. One row in the database that all instances share; no lock is ever held on it. */
import type { Context } from "@contract/system.ts";
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
  /** False when the shard is in use, or another is still being filled. */
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

  return {
    async read() {
      const [row] = await sql<[Shards]>`
        SELECT epoch, in_use AS "inUse", previous FROM shard_map`;
      return row;
    },

    async add(shard) {
      const rows = await sql`
        UPDATE shard_map SET epoch = epoch + 1,
          in_use = in_use || ${shard}::text, previous = in_use
        WHERE previous IS NULL AND ${shard} <> ALL (in_use)
        RETURNING epoch`;
      return rows.length === 1;
    },

    async settle(epoch) {
      await sql`
        UPDATE shard_map SET epoch = epoch + 1, previous = NULL
        WHERE epoch = ${epoch}`;
    },
  };
}
