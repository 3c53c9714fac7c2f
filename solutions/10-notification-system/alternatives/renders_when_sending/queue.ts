/** The queue: who takes a delivery has it for a lease; who has lost it meanwhile has no say any more. */
import type { Sql } from "postgres";
import { type Channel, CHANNELS, type Message } from "./channels.ts";
import { contentOf, rendered, type Unrendered } from "./rendered.ts";

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

/** A channel for which something is due. */
export interface Due {
  readonly channel: Channel;
  /** Something else than bulk. */
  readonly isUrgent: boolean;
}

export function openQueue(sql: Sql, leaseMs: number) {
  return {
    /** Where there is something to do. */
    due() {
      return sql<Due[]>`
        SELECT channel, bool_or(rank < 2) AS "isUrgent"
        FROM unnest(${[...CHANNELS]}::text[]) AS each (channel),
          generate_series(0, 2) AS class (rank)
        WHERE EXISTS (
          SELECT FROM deliveries WHERE status = 'queued' AND due_at <= now()
            AND deliveries.channel = each.channel
            AND deliveries.rank = class.rank)
        GROUP BY channel`;
    },

    /** Takes due deliveries: the most urgent first, within a class the one that has been due for longest. */
    async claim({ channel, isBulk, count }: Wanted): Promise<Claimed[]> {
      const taken = await sql<(Claimed & Unrendered)[]>`
        WITH due AS (
          SELECT id, rank, due_at FROM deliveries
          WHERE status = 'queued' AND channel = ${channel} AND due_at <= now()
            AND rank ${isBulk ? sql`= 2` : sql`< 2`}
          ORDER BY rank, due_at, id LIMIT ${count} FOR UPDATE SKIP LOCKED
        )
        UPDATE deliveries AS taken SET claims = claims + 1,
          due_at = now() + ${leaseMs} * interval '1 millisecond'
        FROM due WHERE taken.id = due.id
        RETURNING taken.id, notification_id AS "notificationId",
          user_id AS user, channel, taken.rank, message, attempts,
          ${contentOf(sql)} AS content, claims AS claim, EXISTS (
            SELECT FROM deliveries AS next
            WHERE next.notification_id = taken.notification_id
              AND next.position > taken.position) AS "hasNext"`;
      return taken.map(rendered);
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
      const rows = outcomes.map(([{ id, claim }, outcome]) => ({
        id,
        claim,
        ...outcome,
      }));
      await sql`
        WITH ended AS (
          UPDATE deliveries AS mine SET
            attempts = attempts + "isAttempt"::int,
            status = CASE mine.status WHEN 'queued' THEN outcome.status
              ELSE mine.status END,
            reason = CASE mine.status WHEN 'queued' THEN outcome.reason
              ELSE mine.reason END,
            due_at = coalesce(to_timestamp("dueMs" / 1000), due_at),
            events = CASE WHEN mine.status = 'queued' AND outcome.status <> 'queued'
              THEN events || ${eventOf(sql, sql`outcome.status`)} ELSE events END
          FROM jsonb_to_recordset(${sql.json(rows)}) AS outcome (id bigint,
            claim int, status text, reason text, "isAttempt" boolean,
            "dueMs" double precision, "goesOn" boolean)
          WHERE mine.id = outcome.id AND mine.claims = outcome.claim
          RETURNING notification_id, position,
            "goesOn" AND mine.status = outcome.status AS "goesOn"
        )
        UPDATE deliveries AS next SET status = 'queued', due_at = now(),
          events = events || ${eventOf(sql, sql`'queued'`)}
        FROM ended WHERE "goesOn" AND next.position = ended.position + 1
          AND next.notification_id = ended.notification_id`;
    },
  };
}

export type Queue = ReturnType<typeof openQueue>;

/** An entry of a timeline: `{status, at}`. */
export function eventOf(sql: Sql, status: ReturnType<Sql>) {
  return sql`jsonb_build_object('status', ${status}::text, 'at',
    to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
}
