/** How many requests may be under way: of one client (a concurrency policy), and of everybody (the fleet). */
import type { Context } from "@contract/system.ts";
import type { NamedPolicy } from "./policy.ts";
import { notImplemented } from "./problem.ts";

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

export function openSlots({ config }: Context): Slots {
  return {
    take({ named }) {
      const isBounded = named?.policy.algorithm === "concurrency" ||
        Number(config.fleetLimit) > 0;
      // TODO 03.7: take a place in the fleet and one of the client's, or throw.
      if (isBounded) {
        throw notImplemented(
          "03.7 Concurrency and shedding",
          "count requests under way in slots.ts",
        );
      }
      const nothingToGiveBack = () => Promise.resolve();
      return Promise.resolve({
        headers: {},
        [Symbol.asyncDispose]: nothingToGiveBack,
      });
    },
  };
}
