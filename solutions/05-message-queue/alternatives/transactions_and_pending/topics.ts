/**
 * A log: records stay when they have been read, and each group of consumers remembers how far it is. The records are
 * Redis Streams, one for each partition, with our own ids: "0-17" is offset 17.
 */
import type { Context } from "@contract/system.ts";
import { APPEND, COMMIT, POLL } from "./topic_scripts.ts";

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

export function openTopics({ redis, config }: Context): Topics {
  const partitions = Number(config.partitions);
  const holdMs = Number(config.claimSec) * 1000;
  const streamOf = (topic: string, partition: number) =>
    `topic:${topic}:${partition}`;

  return {
    async append(topic, { key, body }) {
      const partition = hash(key) % partitions;
      const offset = await redis.eval(APPEND, {
        keys: [streamOf(topic, partition)],
        arguments: [key, body],
      });
      return { partition, offset: Number(offset) };
    },

    async poll({ topic, group, consumer }, max) {
      const order = Array.from({ length: partitions }, (_, index) => index)
        .sort(() => Math.random() - 0.5);
      const found = await redis.eval(POLL, {
        keys: order.map((partition) => streamOf(topic, partition)),
        arguments: [group, consumer, String(max), String(holdMs)],
      }) as [at: number, offset: string, key: string, body: string][];
      return found.map(([at, offset, key, body]) => (
        { partition: order[at - 1]!, offset: Number(offset), key, body }
      ));
    },

    async commit({ topic, group, consumer }, offsets) {
      const entries = Object.entries(offsets);
      const isDone = await redis.eval(COMMIT, {
        keys: entries.map(([partition]) => streamOf(topic, Number(partition))),
        arguments: [
          group,
          consumer,
          String(holdMs),
          ...entries.map(([, offset]) => String(offset)),
        ],
      });
      return isDone === 1;
    },
  };
}

/** FNV-1a, 32 bit: the same on every instance. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value;
}
