/** The queue: who takes a delivery has it for a lease; who has lost it meanwhile has no say any more. */
import type { ISql, Sql } from "postgres";
import type { Channel, Message } from "./channels.ts";

export interface Claimed {
  readonly id: string;
  readonly notificationId: string;
  readonly user: string;
  readonly channel: Channel;
  readonly rank: number;
  readonly message: Message;
  /** Calls that ended without success, before this one. */
  readonly attempts: number;
  /** Which claim this is. The next one has another number. */
  readonly claim: number;
  readonly hasNext: boolean;
}

/** What is to be written about a claimed delivery. */
export interface Outcome {
  readonly status: "queued" | "sent" | "failed" | "suppressed";
  readonly reason?: string;
  /** A call was made. */
  readonly isAttempt: boolean;
  /** With `queued`: when it may be taken again, in milliseconds since 1970. */
  readonly dueMs?: number;
  /** With `failed` and `suppressed`: whether the next channel takes over. */
  readonly goesOn?: boolean;
}

export interface Wanted {
  readonly channel: Channel;
  readonly isBulk: boolean;
  readonly count: number;
}

export function openQueue(sql: Sql, leaseMs: number) {
  return {
    /** Takes due deliveries: the most urgent first, within a class the one that has been due for longest. */
    claim({ channel, isBulk, count }: Wanted): Promise<Claimed[]> {
      return sql.begin(async (transaction): Promise<Claimed[]> => {
        const due = await transaction<{ id: string }[]>`
          SELECT id FROM deliveries
          WHERE status = 'queued' AND channel = ${channel} AND due_at <= now()
            AND rank ${isBulk ? sql`= 2` : sql`< 2`}
          ORDER BY rank, due_at, id LIMIT ${count} FOR UPDATE SKIP LOCKED`;
        if (due.length === 0) return [];
        return await transaction<Claimed[]>`
          UPDATE deliveries AS taken SET claims = claims + 1,
            due_at = now() + ${leaseMs} * interval '1 millisecond'
          WHERE id = ANY(${due.map(({ id }) => id)}::bigint[])
          RETURNING id, notification_id AS "notificationId",
            user_id AS user, channel, rank, message, attempts,
            claims AS claim, EXISTS (
              SELECT FROM deliveries AS next
              WHERE next.notification_id = taken.notification_id
                AND next.position > taken.position) AS "hasNext"`;
      });
    },

    /** How many bulk deliveries are due, counted up to `max`. */
    async countBulk(channel: Channel, max: number): Promise<number> {
      const rows = await sql`
        SELECT FROM deliveries WHERE status = 'queued' AND rank = 2
          AND channel = ${channel} AND due_at <= now() LIMIT ${max}`;
      return rows.length;
    },

    /**
     * Writes what came of them, if the claim still holds, and starts the next channels. Where a callback was faster the
     * call is counted, and the status stays.
     */
    async finish(outcomes: readonly (readonly [Claimed, Outcome])[]) {
      await sql.begin(async (transaction) => {
        const locked = await transaction<Locked[]>`
          SELECT id, claims, status FROM deliveries
          WHERE id = ANY(${outcomes.map(([{ id }]) => id)}::bigint[])
          ORDER BY id FOR UPDATE`;
        const rows = new Map(locked.map((row) => [row.id, row]));
        const mine = outcomes.filter(([{ id, claim }]) =>
          rows.get(id)?.claims === claim
        );
        if (mine.length === 0) return;
        const changes = mine.map(([{ id }, outcome]) => {
          const { status } = rows.get(id)!;
          return status === "queued"
            ? { id, ...outcome }
            : { id, status, isAttempt: outcome.isAttempt };
        });
        await transaction`
          UPDATE deliveries SET status = change.status, reason = change.reason,
            attempts = attempts + "isAttempt"::int,
            due_at = coalesce(to_timestamp("dueMs" / 1000), due_at)
          FROM jsonb_to_recordset(${sql.json(changes)}) AS change (id bigint,
            status text, reason text, "isAttempt" boolean,
            "dueMs" double precision)
          WHERE deliveries.id = change.id`;
        const open = mine.filter(([{ id }]) =>
          rows.get(id)!.status === "queued"
        );
        await tell(transaction, open.filter(([, { status }]) =>
          status !== "queued"
        ));
        for (const [{ id }, { goesOn }] of open) {
          if (goesOn) await startNext(transaction, id);
        }
      });
    },
  };
}

interface Locked {
  readonly id: string;
  readonly claims: number;
  readonly status: string;
}

async function tell(
  sql: ISql,
  ended: readonly (readonly [Claimed, Outcome])[],
): Promise<void> {
  const ids = ended.map(([{ id }]) => id);
  const statuses = ended.map(([, { status }]) => status);
  await sql`
    INSERT INTO events (delivery_id, status)
    SELECT * FROM unnest(${ids}::bigint[], ${statuses}::text[])`;
}

async function startNext(sql: ISql, id: string): Promise<void> {
  const [next] = await sql`
    SELECT next.id FROM deliveries AS next JOIN deliveries AS ended
      ON ended.notification_id = next.notification_id
        AND ended.position + 1 = next.position
    WHERE ended.id = ${id} FOR UPDATE OF next`;
  if (next === undefined) return;
  await sql`
    UPDATE deliveries SET status = 'queued', due_at = now()
    WHERE id = ${next.id}`;
  await sql`
    INSERT INTO events (delivery_id, status) VALUES (${next.id}, 'queued')`;
}

export type Queue = ReturnType<typeof openQueue>;
