/** A log: records stay when they have been read, and each group of consumers remembers how far it is. */
import type { Context } from "@contract/system.ts";
import { notImplemented } from "./problem.ts";

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

export function openTopics(_context: Context): Topics {
  // TODO 05.7: one stream for each of config.partitions; the steps that nobody may come between in topic_scripts.ts.
  const stage = "05.7 Log";
  return {
    append() {
      throw notImplemented(stage, "append records in topics.ts");
    },
    poll() {
      throw notImplemented(stage, "give records in topics.ts");
    },
    commit() {
      throw notImplemented(stage, "commit offsets in topics.ts");
    },
  };
}
