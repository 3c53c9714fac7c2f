/** One call to a provider, and what its end means. */
import type { Upstream } from "@contract/system.ts";
import type { Claimed } from "./queue.ts";

/** `POST /messages` with `{to, …}` and an `Idempotency-Key`. */
export function callProvider(
  _upstream: Upstream,
  _claimed: Claimed,
): Promise<"taken"> {
  // TODO 10.2: call it. 10.4: 5xx, 429, other 4xx, no answer. 10.7: under which key? 10.8: /messages/batch.
  return Promise.resolve("taken");
}
