/** What happens to one delivery from the moment that a worker has taken it. */
import type { Context } from "@contract/system.ts";
import type { Claimed, Queue } from "./queue.ts";

export type Deliver = (claimed: Claimed) => Promise<void>;

export function openDelivery(_context: Context, _queue: Queue): Deliver {
  // TODO 10.2: call and finish. 10.4: retry, next channel, breaker. 10.5: ask permission.ts first.
  return () => Promise.resolve();
}
