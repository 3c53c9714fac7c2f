/** One call to a provider, and what its end means. */
import type { Upstream } from "@contract/system.ts";
import type { Channel } from "./channels.ts";
import type { Claimed } from "./queue.ts";

export type Reply =
  | { readonly status: "taken" }
  /** The same call will never succeed. */
  | { readonly status: "refused"; readonly reason: string }
  /** It may succeed later; it may also have succeeded. */
  | {
    readonly status: "unclear";
    readonly reason: string;
    /** What the provider asks us to wait. */
    readonly retryAfterMs?: number;
  };

/** Sends one message, or several in one call where a provider takes batches. */
export async function callProvider(
  upstream: Upstream,
  claimed: readonly Claimed[],
): Promise<Reply> {
  const [first] = claimed;
  try {
    const answer = claimed.length === 1
      ? await post(upstream, "/messages", {
        body: contentOf(first!),
        headers: { "idempotency-key": keyOf(first!) },
      })
      : await post(upstream, "/messages/batch", {
        body: {
          messages: claimed.map((one) => ({
            key: keyOf(one),
            ...contentOf(one),
          })),
        },
      });
    await answer.body?.cancel();
    return replyOf(answer);
  } catch (error) {
    return { status: "unclear", reason: `no answer: ${String(error)}` };
  }
}

/**
 * Belongs to the message and not to the attempt: whoever tries again, after whatever crash, uses the same, and the
 * provider knows that it has this one.
 */
export function keyOf(
  { notificationId, channel }: Pick<Claimed, "notificationId" | "channel">,
): string {
  return `${notificationId}.${channel}`;
}

/** The way back, for callbacks. */
export function parseKey(key: string) {
  const [notificationId = "", channel = ""] = key.split(".");
  return { notificationId, channel: channel as Channel };
}

function contentOf({ user, message }: Claimed) {
  return { to: user, ...message };
}

function post(
  upstream: Upstream,
  path: string,
  { body, headers }: {
    readonly body: unknown;
    readonly headers?: Record<string, string>;
  },
): Promise<Response> {
  return upstream.fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function replyOf({ ok, status, headers }: Response): Reply {
  if (ok) return { status: "taken" };
  const reason = `the provider answered ${status}`;
  if (status < 500 && status !== 429) return { status: "refused", reason };
  const retryAfterSec = parseFloat(headers.get("retry-after") ?? "");
  return {
    status: "unclear",
    reason,
    ...(retryAfterSec >= 0 ? { retryAfterMs: retryAfterSec * 1000 } : {}),
  };
}
