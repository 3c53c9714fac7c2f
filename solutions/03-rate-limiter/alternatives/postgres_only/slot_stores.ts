/** Where requests under way are remembered: in Postgres, for all instances together, or in this process alone. */
import type { Context } from "@contract/system.ts";
import type { ProblemError } from "./problem.ts";
import { withinDeadline } from "./store_away.ts";

/** A set of requests under way, and how many it may hold. */
export interface Bound {
  readonly key: string;
  readonly max: number;
  /** What a request hears that finds the set full. */
  readonly refusal: () => ProblemError;
}

export type Grant =
  | {
    readonly status: "taken";
    /** Places left in the last of the sets. */
    readonly left: number;
    release(): Promise<void>;
  }
  | { readonly status: "full"; readonly bound: Bound };

export interface SlotStore {
  /** Takes a place in each set, or in none. */
  take(bounds: readonly Bound[]): Promise<Grant>;
}

export async function createSlots(sql: Context["sql"]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('slots'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS slots (
        set_key text NOT NULL,
        id uuid NOT NULL,
        due timestamptz NOT NULL,
        PRIMARY KEY (set_key, id)
      )`;
    await transaction.unsafe(TAKE);
  });
}

/**
 * An advisory lock per set lets one request at a time count. The locks are taken in the order of the keys, and each
 * statement of a volatile function sees what was committed before it began.
 */
const TAKE = `
CREATE OR REPLACE FUNCTION take_slots(keys text[], maxima int[], slot uuid, lease interval)
RETURNS TABLE (full_set int, remaining int) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1, hashtext(k)) FROM (SELECT unnest(keys) k ORDER BY 1) ordered;
  DELETE FROM slots WHERE set_key = ANY (keys) AND due <= now();
  FOR i IN 1 .. cardinality(keys) LOOP
    remaining := maxima[i] - (SELECT count(*) FROM slots WHERE set_key = keys[i]);
    IF remaining <= 0 THEN
      full_set := i;
      RETURN NEXT;
      RETURN;
    END IF;
  END LOOP;
  INSERT INTO slots SELECT k, slot, now() + lease FROM unnest(keys) k;
  full_set := 0;
  remaining := remaining - 1;
  RETURN NEXT;
END $$`;

/** A place is a row with an end: a killed instance need not give it back. */
export function sharedSlots({ sql, config, log }: Context): SlotStore {
  const lease = `${config.leaseSec} seconds`;
  const deadlineMs = Number(config.storeDeadlineMs);
  return {
    async take(bounds) {
      const id = crypto.randomUUID();
      const keys = bounds.map(({ key }) => key);
      const maxima = bounds.map(({ max }) => max);
      const [row] = await sql`
        SELECT full_set, remaining FROM take_slots(
          ${keys}::text[], ${maxima}::int[], ${id}::uuid, ${lease}::interval)`;
      if (row!.full_set > 0) {
        return { status: "full", bound: bounds[row!.full_set - 1]! };
      }
      return {
        status: "taken",
        left: row!.remaining,
        async release() {
          const leaving = sql`
            DELETE FROM slots
            WHERE set_key = ANY (${keys}::text[]) AND id = ${id}`;
          await withinDeadline(leaving, deadlineMs)
            .catch((error) => log("slot kept", { error: String(error) }));
        },
      };
    },
  };
}

/** The fallback while the store is away. A plain count will do: it dies with its holder. */
export function localSlots(): SlotStore {
  const taken = new Map<string, number>();

  function add(key: string, change: 1 | -1): void {
    const count = (taken.get(key) ?? 0) + change;
    if (count === 0) taken.delete(key);
    else taken.set(key, count);
  }

  return {
    take(bounds) {
      const placesLeft = bounds.map(({ key, max }) =>
        max - (taken.get(key) ?? 0)
      );
      const full = bounds.find((_, set) => placesLeft[set]! <= 0);
      if (full) return Promise.resolve({ status: "full", bound: full });
      bounds.forEach(({ key }) => add(key, 1));
      return Promise.resolve({
        status: "taken",
        left: placesLeft.at(-1)! - 1,
        release() {
          bounds.forEach(({ key }) => add(key, -1));
          return Promise.resolve();
        },
      });
    },
  };
}
