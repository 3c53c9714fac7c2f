/** The log as a table. A row lock on the progress of a group and partition is what makes its steps one. */
import type { Context } from "@contract/system.ts";

export interface LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly body: string;
}

export interface Consumer {
  readonly topic: string;
  readonly group: string;
  readonly consumer: string;
}

export interface Topics {
  append(
    topic: string,
    record: { readonly key: string; readonly body: string },
  ): Promise<{ readonly partition: number; readonly offset: number }>;
  poll(consumer: Consumer, max: number): Promise<LogRecord[]>;
  /** False, and nothing is committed, when the consumer does not hold one of the partitions. */
  commit(
    consumer: Consumer,
    offsets: Readonly<Record<string, number>>,
  ): Promise<boolean>;
}

export function openTopics({ sql, config }: Context): Topics {
  const partitions = Number(config.partitions);
  const holdMs = Number(config.claimSec) * 1000;

  return {
    async append(topic, { key, body }) {
      const partition = hash(key) % partitions;
      const [row] = await sql`
        WITH next AS (
          INSERT INTO partitions VALUES (${topic}, ${partition}, 1)
          ON CONFLICT (topic, partition) DO UPDATE SET last = partitions.last + 1
          RETURNING last
        )
        INSERT INTO records
        SELECT ${topic}, ${partition}, last, ${JSON.stringify(key)},
          ${JSON.stringify(body)}
        FROM next RETURNING "offset"`;
      return { partition, offset: Number(row!.offset) };
    },

    poll({ topic, group, consumer }, max) {
      return sql.begin(async (transaction) => {
        // Locked in this order, so that two polls never wait for each other in a circle.
        await transaction`
          INSERT INTO progress (topic, reader, partition)
          SELECT ${topic}, ${group}, generate_series(0, ${partitions - 1}::int)
          ON CONFLICT DO NOTHING`;
        const states = await transaction`
          SELECT partition, owner, given, committed,
            owner IS NOT NULL AND held_until > now() AS is_held
          FROM progress WHERE topic = ${topic} AND reader = ${group}
          ORDER BY partition FOR UPDATE`;
        const found: LogRecord[] = [];
        // From a random one on: the first partition must not starve the last.
        const first = Math.floor(Math.random() * partitions);
        for (const state of [...states.slice(first), ...states.slice(0, first)]) {
          const { partition, owner, is_held: isHeld } = state;
          if (isHeld && owner !== consumer) continue;
          const from = isHeld ? state.given : state.committed;
          const rows = await transaction`
            SELECT "offset", key, body FROM records
            WHERE topic = ${topic} AND partition = ${partition}
              AND "offset" > ${from}
            ORDER BY "offset" LIMIT ${max - found.length}`;
          found.push(...rows.map(({ offset, key, body }) => ({
            partition,
            offset: Number(offset),
            key: JSON.parse(key),
            body: JSON.parse(body),
          })));
          const given = rows.at(-1)?.offset ?? from;
          if (Number(given) === Number(state.committed)) continue;
          await transaction`
            UPDATE progress SET owner = ${consumer}, given = ${given},
              held_until = now() + ${holdMs} * interval '1 ms'
            WHERE topic = ${topic} AND reader = ${group}
              AND partition = ${partition}`;
        }
        return found;
      }) as Promise<LogRecord[]>;
    },

    commit({ topic, group, consumer }, offsets) {
      return sql.begin(async (transaction) => {
        // In ascending order, too: that is how an object keeps its numbers.
        for (const [partition, offset] of Object.entries(offsets)) {
          const rows = await transaction`
            UPDATE progress SET
              committed = greatest(committed, least(given, ${offset}::bigint)),
              owner = CASE WHEN given > ${offset}::bigint THEN owner END
            WHERE topic = ${topic} AND reader = ${group}
              AND partition = ${partition} AND owner = ${consumer}
              AND held_until > now() RETURNING committed`;
          if (rows.length === 0) throw new NotHeld();
        }
        return true;
      }).catch((error) => {
        // Thrown, so that what went before it is rolled back.
        if (error instanceof NotHeld) return false;
        throw error;
      }) as Promise<boolean>;
    },
  };
}

class NotHeld extends Error {}

/** FNV-1a, 32 bit: the same on every instance. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value;
}
