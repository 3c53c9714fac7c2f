/** Words that several stages use: templates, notifications, what providers were called with. */
import {
  type Answer,
  expect,
  type Lab,
  type Requester,
  type UpstreamCall,
} from "@lab";

export type Channel = "email" | "sms" | "push";

export const CHANNELS: readonly Channel[] = ["email", "sms", "push"];

/** One text with one variable on every channel. */
const PLAIN = {
  email: { subject: "Hello {{name}}", html: "<p>Hello {{name}}</p>" },
  sms: { text: "Hello {{name}}" },
  push: { title: "Hello", body: "Hello {{name}}" },
};

/** Puts a template, for `en` unless told, and gives its name. */
export async function putTemplate(
  lab: Lab,
  { name = freshName(lab), locale = "en", content = PLAIN }: {
    readonly name?: string;
    readonly locale?: string;
    readonly content?: unknown;
  } = {},
): Promise<string> {
  const answer = await lab.put(`/templates/${name}/${locale}`, content);
  expect(answer, "A template is stored").toHaveStatus(200, 201);
  return name;
}

export interface Order {
  readonly template: string;
  readonly channels: readonly Channel[];
  readonly user: string;
  readonly dedupeKey: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly locale?: string;
  readonly priority?: "otp" | "normal" | "bulk";
  readonly sendAt?: string;
}

/** An order for a fresh user, whose name is in the text. */
export function orderOf(
  lab: Lab,
  order: Partial<Order> & Pick<Order, "template" | "channels">,
): Order {
  return {
    user: freshUser(lab),
    dedupeKey: lab.random.word(12),
    data: { name: lab.random.word(6) },
    ...order,
  };
}

/** Posts an order that must be accepted, and gives its id. */
export async function notify(
  system: Requester,
  order: Order,
): Promise<string> {
  return acceptedId(await system.post("/notifications", order));
}

export function acceptedId(answer: Answer): string {
  expect(answer, "A notification is accepted").toHaveStatus(202);
  expect(answer.json?.id, "…and gets an id").toEqual(expect.any(String));
  return answer.json.id;
}

export interface Delivery {
  readonly channel: Channel;
  readonly status: string;
  readonly message: Readonly<Record<string, string>>;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly reason: string | null;
  readonly events: readonly { readonly status: string; readonly at: string }[];
}

/** What GET shows of one channel, the first by default. */
export async function deliveryOf(
  system: Requester,
  id: string,
  channel?: Channel,
): Promise<Delivery> {
  const answer = await system.get(`/notifications/${id}`);
  expect(answer, "An accepted notification can be read").toHaveStatus(200);
  const deliveries: Delivery[] = answer.json.deliveries;
  return deliveries.find((one) => one.channel === channel) ?? deliveries[0]!;
}

/** Waits until the notification has this status on its first (or the given) channel. */
export function untilStatus(
  lab: Lab,
  id: string,
  { status, channel, on = lab.on(0) }: {
    readonly status: string;
    readonly channel?: Channel;
    readonly on?: Requester;
  },
): Promise<Delivery> {
  return lab.eventually(async () => {
    const delivery = await deliveryOf(on, id, channel);
    expect(
      delivery.status,
      `The notification becomes "${status}" on ${delivery.channel}`,
    ).toBe(status);
    return delivery;
  });
}

/** Waits until so many calls have ended without success and the next is planned; gives its time. */
export function untilAttempts(
  lab: Lab,
  id: string,
  attempts: number,
): Promise<number> {
  return lab.eventually(async () => {
    const delivery = await deliveryOf(lab, id);
    expect(
      delivery.attempts,
      `Attempt ${attempts} was made, has failed, and is counted`,
    ).toBe(attempts);
    expect(delivery.status, "…and the notification waits for the next")
      .toBe("queued");
    return Date.parse(delivery.nextAttemptAt ?? "");
  });
}

/** Moves the clock to a time that was shown in whole milliseconds: what is due then may be due a fraction later. */
export async function advanceTo(lab: Lab, dueMs: number): Promise<void> {
  await lab.clock.advance(dueMs - lab.clock.now() + 1);
}

/**
 * The positive marker: a notification to somebody else on this channel is accepted now and sent. What should have been
 * called before it has been called by then.
 */
export async function passMarker(
  lab: Lab,
  { template, channel, on = lab.on(0), priority }: {
    readonly template: string;
    readonly channel: Channel;
    readonly on?: Requester;
    readonly priority?: "otp";
  },
): Promise<void> {
  const order = orderOf(lab, { template, channels: [channel], priority });
  const id = await notify(on, order);
  await untilStatus(lab, id, { status: "sent", on });
}

/** The calls that a provider got for this user, alone or in a batch. */
export function callsTo(
  lab: Lab,
  channel: Channel,
  user: string,
): UpstreamCall[] {
  return lab.upstream(channel).calls.filter((call) =>
    messagesOf(call).some(({ to }) => to === user)
  );
}

/** What a call carries: one message or a batch of them, with their keys. */
export function messagesOf(
  call: UpstreamCall,
): readonly { readonly to: string; readonly key: string | null }[] {
  const body = JSON.parse(call.body);
  return body.messages ??
    [{ ...body, key: call.headers.get("idempotency-key") }];
}

export function freshUser(lab: Lab): string {
  return `user-${lab.random.word(10)}`;
}

function freshName(lab: Lab): string {
  return `t-${lab.random.word(10).toLowerCase()}`;
}
