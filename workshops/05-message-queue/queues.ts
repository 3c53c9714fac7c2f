/** Queues and their settings. */
import type { Context } from "@contract/system.ts";
import type { QueueSettings } from "./bodies.ts";
import { notImplemented } from "./problem.ts";

export interface Queues {
  /** Says whether the queue is new. A `dlq` that is not there yet is a 422: throw `invalid("dlq", …)` of fields.ts. */
  put(name: string, settings: QueueSettings): Promise<{ isNew: boolean }>;
  has(name: string): Promise<boolean>;
}

export function openQueues(_context: Context): Queues {
  const stage = "05.1 Publish, receive, ack";
  return {
    // TODO 05.1: a Map will do, in a module of its own, for the other parts need it too. 05.2: a table.
    put() {
      throw notImplemented(stage, "keep queues in queues.ts");
    },
    has() {
      throw notImplemented(stage, "keep queues in queues.ts");
    },
  };
}
