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

/** The run's time as Redis sees it, where production code would call TIME. */
const STORE_CLOCK = "kit:now";

export function openTopics({ redis, config }: Context): Topics {
  const partitions = Number(config.partitions);
  const holdMs = Number(config.claimSec) * 1000;
  const streamOf = (topic: string, partition: number) =>
    `topic:${topic}:${partition}`;
  /** Of one group and partition: who reads, until when, how far, and how far it is committed. */
  const progressOf = ({ topic, group }: Consumer, partition: number) =>
    `group:${topic}:${group}:${partition}`;

  return {
    async append(topic, { key, body }) {
      const partition = hash(key) % partitions;
      const offset = await redis.eval(APPEND, {
        keys: [streamOf(topic, partition)],
        arguments: [key, body],
      });
      return { partition, offset: Number(offset) };
    },

    async poll(consumer, max) {
      // From a random one on: the first partition must not starve the last.
      const first = Math.floor(Math.random() * partitions);
      const order = Array.from(
        { length: partitions },
        (_, index) => (first + index) % partitions,
      );
      const found = await redis.eval(POLL, {
        keys: [
          STORE_CLOCK,
          ...order.flatMap((partition) => [
            streamOf(consumer.topic, partition),
            progressOf(consumer, partition),
          ]),
        ],
        arguments: [consumer.consumer, String(max), String(holdMs)],
      }) as [at: number, offset: string, key: string, body: string][];
      return found.map(([at, offset, key, body]) => (
        { partition: order[at]!, offset: Number(offset), key, body }
      ));
    },

    async commit(consumer, offsets) {
      const entries = Object.entries(offsets);
      const isDone = await redis.eval(COMMIT, {
        keys: [
          STORE_CLOCK,
          ...entries.map(([partition]) =>
            progressOf(consumer, Number(partition))
          ),
        ],
        arguments: [
          consumer.consumer,
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
