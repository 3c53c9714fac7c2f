/** How many requests may be under way: of one client (a concurrency policy), and of everybody (the fleet). */
import type { Context } from "@contract/system.ts";
import type { NamedPolicy } from "./policy.ts";
import { ProblemError } from "./problem.ts";
import { slotHeaders } from "./rate_limit_headers.ts";
import {
  type Bound,
  type Grant,
  localSlots,
  sharedSlots,
} from "./slot_stores.ts";
import { storeAway, timeLeft, withinDeadline } from "./store_away.ts";

/** The rest is kept free for critical requests. */
const SHEDDABLE_SHARE = 0.8;

/** A place among the requests under way; left with `await using`. */
export interface Slot extends AsyncDisposable {
  readonly headers: Readonly<Record<string, string>>;
}

export interface SlotRequest {
  readonly named: NamedPolicy | undefined;
  readonly client: string;
  readonly isCritical: boolean;
  /** Moment of `performance.now()` up to which the store may answer. */
  readonly untilMs: number;
}

export interface Slots {
  /** Throws a 503 when the fleet is busy, a 429 when the client has too many requests under way. */
  take(request: SlotRequest): Promise<Slot>;
}

export function openSlots(context: Context): Slots {
  const shared = sharedSlots(context);
  const local = localSlots();

  async function takeAnywhere(
    bounds: readonly Bound[],
    request: SlotRequest,
  ): Promise<Grant> {
    try {
      return await withinDeadline(shared.take(bounds), timeLeft(request));
    } catch (error) {
      context.log("store away", { error: String(error) });
      if (request.named?.policy.failMode === "closed") throw storeAway();
      return local.take(bounds);
    }
  }

  return {
    async take(request) {
      const { named } = request;
      const bounds = [
        ...fleetBound(Number(context.config.fleetLimit), request),
        ...clientBound(request),
      ];
      if (bounds.length === 0) return { headers: {}, ...disposing() };
      const grant = await takeAnywhere(bounds, request);
      if (grant.status === "full") throw grant.bound.refusal();
      const headers = named?.policy.algorithm === "concurrency"
        ? slotHeaders(named, grant.left)
        : {};
      return { headers, ...disposing(grant.release) };
    },
  };
}

function disposing(release = () => Promise.resolve()): AsyncDisposable {
  return { [Symbol.asyncDispose]: release };
}

/** First in the list: a request that is shed must not take anything from its client. */
function fleetBound(fleetLimit: number, { isCritical }: SlotRequest): Bound[] {
  if (fleetLimit === 0) return [];
  const max = isCritical ? fleetLimit : Math.ceil(fleetLimit * SHEDDABLE_SHARE);
  const refusal = () =>
    new ProblemError({
      status: 503,
      code: "load_shed",
      detail: "Too much is under way to take this request as well",
      headers: { "retry-after": "1" },
    });
  return [{ key: "slots:fleet", max, refusal }];
}

function clientBound({ named, client }: SlotRequest): Bound[] {
  if (named?.policy.algorithm !== "concurrency") return [];
  const refusal = () =>
    new ProblemError({
      status: 429,
      code: "too_many_in_flight",
      detail: `At most ${named.policy.limit} requests may be under way at once`,
      headers: { ...slotHeaders(named, 0), "retry-after": "1" },
    });
  const key = `slots:${named.name}:${client}`;
  return [{ key, max: named.policy.limit, refusal }];
}
