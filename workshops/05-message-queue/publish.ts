/** Messages go in. */
import type { Context } from "@contract/system.ts";
import type { NewMessage } from "./bodies.ts";
import { notImplemented } from "./problem.ts";

export interface Publisher {
  /** Gives the ids, in the order of the messages. Throws `unknownQueue` of problem.ts. */
  publish(queue: string, messages: readonly NewMessage[]): Promise<string[]>;
  /** Gives the id of the first message that came with this `dedupId`. */
  publishOnce(
    queue: string,
    message: NewMessage,
    dedupId: string,
  ): Promise<string>;
}

export function openPublisher(_context: Context): Publisher {
  return {
    // TODO 05.1: one message, in memory. 05.2: in Postgres. 05.6: priority and delay. 05.9: all in one statement.
    publish() {
      throw notImplemented(
        "05.1 Publish, receive, ack",
        "take messages in publish.ts",
      );
    },
    publishOnce() {
      throw notImplemented("05.2 Durable", "take a dedupId once in publish.ts");
    },
  };
}
