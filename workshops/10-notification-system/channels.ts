/** The channels, and what a message consists of on each. */

export const CHANNELS = ["email", "sms", "push"] as const;
export type Channel = typeof CHANNELS[number];

/** How a value is written into a field: as HTML, as one line, or as it is. */
export type FieldKind = "html" | "line" | "text";

export const FIELDS: Readonly<
  Record<Channel, Readonly<Record<string, FieldKind>>>
> = {
  email: { subject: "line", html: "html" },
  sms: { text: "text" },
  push: { title: "line", body: "text" },
};

/** Fields of one channel by name: `{subject, html}`. */
export type Message = Readonly<Record<string, string>>;

/** Messages, rendered or not, by channel. */
export type Messages = Readonly<Partial<Record<Channel, Message>>>;

export function isChannel(value: unknown): value is Channel {
  return (CHANNELS as readonly unknown[]).includes(value);
}
