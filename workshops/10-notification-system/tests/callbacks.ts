import {
  type Answer,
  type Lab,
  type Requester,
  signWebhook,
  type UpstreamCall,
} from "@lab";
import type { Channel } from "./notifications.ts";

/** The manifest's; no check changes it. */
const SECRET = "whsec_dHJlc3RsZS13b3Jrc2hvcC1zZWNyZXQ=";

export interface Callback {
  readonly channel: Channel;
  /** The `Idempotency-Key` of the call that it is about. */
  readonly key: string;
  readonly status: "delivered" | "opened" | "bounced";
}

/** What a provider may say about a call that it has got. */
export function callbackAbout(
  call: UpstreamCall,
  { channel, status }: Omit<Callback, "key">,
): Callback {
  return { channel, key: call.headers.get("idempotency-key")!, status };
}

/** Sends a callback as a provider does. */
export async function callBack(
  lab: Lab,
  { channel, key, status }: Callback,
  { on = lab.on(0), secret = SECRET, ageMs = 0, change = (body) => body }: {
    readonly on?: Requester;
    readonly secret?: string;
    readonly ageMs?: number;
    /** What somebody on the way does to the body. */
    readonly change?: (body: string) => string;
  } = {},
): Promise<Answer> {
  const body = JSON.stringify({ key, status });
  const headers = await signWebhook({
    secret,
    id: `msg_${lab.random.word(12)}`,
    timeMs: lab.clock.now() - ageMs,
    body,
  });
  return on.post(`/callbacks/${channel}`, change(body), { headers });
}
