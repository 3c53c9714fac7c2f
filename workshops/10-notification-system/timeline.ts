/** What has become of a notification, as the one who asked for it may read it. */
import type { Sql } from "postgres";
import type { Channel, Message } from "./channels.ts";
import { notImplemented } from "./problem.ts";

export type Status =
  /** An earlier channel has not failed so far. */
  | "standby"
  | "queued"
  | "sent"
  | "delivered"
  | "opened"
  /** The provider took it and could not deliver it. */
  | "bounced"
  /** The provider does not want it, or has not taken it in any attempt. */
  | "failed"
  /** The user does not want it. */
  | "suppressed";

export interface DeliveryView {
  readonly channel: Channel;
  readonly status: Status;
  readonly message: Message;
  /** Calls to the provider that have ended. */
  readonly attempts: number;
  /** While queued: the moment from which it may be sent. */
  readonly nextAttemptAt: string | null;
  /** Of `failed` and `suppressed`. */
  readonly reason: string | null;
  readonly events: readonly { readonly status: Status; readonly at: string }[];
}

export interface NotificationView {
  readonly id: string;
  readonly user: string;
  readonly priority: string;
  /** Which template was used: its locale and version as they were found. */
  readonly template: {
    readonly name: string;
    readonly locale: string;
    readonly version: number;
  };
  /** One per channel, in the order in which they were asked for. */
  readonly deliveries: readonly DeliveryView[];
}

export function getNotification(
  _sql: Sql,
  _id: string,
): Promise<NotificationView | undefined> {
  throw notImplemented("10.1 Templates", "show notifications in timeline.ts");
}

export interface DeadLetter {
  /** Of the notification. */
  readonly id: string;
  readonly user: string;
  /** The last one, on which it has failed. */
  readonly channel: Channel;
  readonly reason: string;
}

/** Notifications whose last channel has failed, the newest first. */
export function getDeadLetters(
  _sql: Sql,
): Promise<{ readonly items: readonly DeadLetter[] }> {
  throw notImplemented(
    "10.4 Retries and fallback",
    "list dead letters in timeline.ts",
  );
}
