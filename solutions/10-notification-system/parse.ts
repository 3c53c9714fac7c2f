/** What comes in, checked at the border: behind it everybody trusts the types. */
import { CHANNELS, FIELDS, isChannel, type Messages } from "./channels.ts";
import type { Channel } from "./channels.ts";
import { ProblemError, unprocessable } from "./problem.ts";

export type Priority = "otp" | "normal" | "bulk";
export type Data = Readonly<Record<string, string | number>>;

/** What to render and where to send it: the common part of a notification and a broadcast. */
export interface Order {
  readonly template: string;
  readonly locale: string;
  readonly data: Data;
  /** In the order in which they are tried. */
  readonly channels: readonly Channel[];
  /** Not before; undefined for at once. */
  readonly sendAt?: Date;
}

export interface NotificationOrder extends Order {
  readonly user: string;
  readonly priority: Priority;
  readonly dedupeKey: string;
}

export interface BroadcastOrder extends Order {
  readonly users: readonly string[];
  readonly dedupeKey: string;
}

export interface Preferences {
  readonly channels: readonly Channel[];
  /** IANA zone, in which quiet hours and days are meant. */
  readonly tz: string;
  /** Local times "HH:MM"; the night may lie between them. */
  readonly quietHours?: { readonly from: string; readonly to: string };
  readonly capPerDay?: number;
}

const USERS_MAX = 10_000;
const TEXT_CHARS_MAX = 200;

export async function readJson(request: Request): Promise<Fields> {
  const body = await request.json().catch(() => undefined);
  if (isFields(body)) return body;
  throw new ProblemError(400, "malformed_body", "The body is no JSON object");
}

export function parseTemplate(
  { name, locale }: { readonly name: string; readonly locale: string },
  body: Fields,
): Messages {
  const rule = rules("invalid_template");
  rule(/^[a-z0-9_-]{1,32}$/.test(name), "name has 1 to 32 of a-z 0-9 _ -");
  rule(/^[a-z]{2}(-[A-Z]{2})?$/.test(locale), "locale is like de or de-AT");
  const given = Object.entries(body);
  rule(given.length > 0, "a template has at least one channel");
  for (const [channel, message] of given) {
    rule(isChannel(channel) && isFields(message), `no channel "${channel}"`);
    const wanted = Object.keys(FIELDS[channel as Channel]);
    const isWhole = Object.keys(message as Fields).length === wanted.length &&
      wanted.every((field) => isStorable((message as Fields)[field]));
    rule(isWhole, `${channel} has exactly the texts ${wanted.join(", ")}`);
  }
  return body as Messages;
}

/** Of a body that is no JSON object nothing is known; that it was signed does not change it. */
export function parseCallback(body: string) {
  const { key, status } = fieldsOf(body);
  // What no database can store is nobody's key.
  return { key: isStorable(key) ? key : "", status };
}

export function parseNotification(body: Fields): NotificationOrder {
  const rule = rules("invalid_notification");
  const { user, dedupeKey, priority = "normal" } = body;
  rule(isText(user), "user is a text");
  rule(isText(dedupeKey), "dedupeKey is a text");
  rule(
    ["otp", "normal", "bulk"].includes(priority as string),
    "priority is otp, normal or bulk",
  );
  return {
    ...parseOrder(body),
    user,
    dedupeKey,
    priority,
  } as NotificationOrder;
}

export function parseBroadcast(body: Fields): BroadcastOrder {
  const rule = rules("invalid_notification");
  const { users, dedupeKey } = body;
  rule(isText(dedupeKey), "dedupeKey is a text");
  rule(Array.isArray(users), "users is a list");
  const list = users as unknown[];
  rule(
    list.length > 0 && list.length <= USERS_MAX && list.every(isText) &&
      new Set(list).size === list.length,
    `users are 1 to ${USERS_MAX} different texts`,
  );
  return { ...parseOrder(body), users: list, dedupeKey } as BroadcastOrder;
}

export function parsePreferences(body: Fields): Preferences {
  const rule = rules("invalid_preferences");
  const { channels = CHANNELS, tz = "UTC", quietHours, capPerDay } = body;
  rule(Array.isArray(channels) && channels.every(isChannel), "channels exist");
  rule(isZone(tz), "tz is an IANA zone");
  if (quietHours !== undefined) {
    const { from, to } = isFields(quietHours) ? quietHours : {};
    rule(isTime(from) && isTime(to) && from !== to, "from, to are like 22:00");
  }
  rule(
    capPerDay === undefined ||
      Number.isInteger(capPerDay) && Number(capPerDay) >= 0,
    "capPerDay is a whole number of 0 or more",
  );
  return { channels, tz, quietHours, capPerDay } as Preferences;
}

function parseOrder(body: Fields): Order {
  const rule = rules("invalid_notification");
  const { template, locale = "en", data = {}, channels, sendAt } = body;
  rule(isText(template) && isText(locale), "template and locale are texts");
  rule(
    isFields(data) &&
      Object.entries(data).every(([name, value]) =>
        isStorable(name) && (isStorable(value) || Number.isFinite(value))
      ),
    "data has texts and numbers only",
  );
  const list = Array.isArray(channels) ? channels : [];
  rule(
    list.length > 0 && list.every(isChannel) &&
      new Set(list).size === list.length,
    "channels is a list of different channels",
  );
  const isTimed = sendAt === undefined ||
    typeof sendAt === "string" && !Number.isNaN(Date.parse(sendAt));
  rule(isTimed, "sendAt is a time like 2030-01-31T12:00:00Z");
  return {
    template,
    locale,
    data,
    channels: list,
    ...(sendAt === undefined ? {} : { sendAt: new Date(sendAt as string) }),
  } as Order;
}

type Fields = Readonly<Record<string, unknown>>;

function rules(code: string) {
  return (isKept: boolean, rule: string) => {
    if (!isKept) throw unprocessable(code, rule);
  };
}

/** None if it is no JSON object. */
function fieldsOf(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {}; // No JSON at all.
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return isStorable(value) && value.length > 0 &&
    value.length <= TEXT_CHARS_MAX;
}

/** Postgres has neither U+0000 nor halves of characters. */
function isStorable(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed() &&
    !value.includes("\0");
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(value);
}

function isZone(value: unknown): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value as string });
    return typeof value === "string";
  } catch {
    return false; // RangeError: no such zone.
  }
}
