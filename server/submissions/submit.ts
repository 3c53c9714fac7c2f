import { createHash, randomBytes } from "node:crypto";
import type { Sql, TransactionSql } from "postgres";
import type { Submission } from "@contract/submission.ts";
import { type Bundle, toBundle } from "./bundle.ts";

/** Submissions that may wait at once, of all learners. */
const QUEUED_MAX = 5_000;

export interface SubmitRequest extends Submission {
  readonly personId: string;
  /** Hash of the workshop's tests and manifest. */
  readonly suiteHash: string;
  /** The learner's word for "this is the same request again". */
  readonly idempotencyKey?: string;
}

export type SubmitOutcome =
  | { readonly status: "stored"; readonly id: string }
  /** The same request again, or the same files under the same tests: nothing new to find out. */
  | { readonly status: "known"; readonly id: string }
  | { readonly status: "idempotency_mismatch" }
  | { readonly status: "queue_full" };

/**
 * Stores a submission and enqueues its job in one transaction: there is no moment at which one exists without the
 * other. What the learner had waiting for the same workshop is superseded.
 */
export async function submit(
  sql: Sql,
  request: SubmitRequest,
): Promise<SubmitOutcome> {
  const { personId, workshop, idempotencyKey } = request;
  const bundle = toBundle(request.files);
  return await sql.begin(async (tx) => {
    // Two uploads of one learner take turns, so that each sees what the other did. NO KEY: checks of foreign keys
    // elsewhere do not wait for it, which would be a deadlock with a worker that claims.
    await tx`SELECT FROM trestle.person WHERE id = ${personId} FOR NO KEY UPDATE`;
    if (idempotencyKey !== undefined) {
      const earlier = await findByKey(tx, personId, idempotencyKey);
      if (earlier !== undefined) {
        return earlier.requestHash === requestHash(workshop, bundle)
          ? { status: "known", id: earlier.id }
          : { status: "idempotency_mismatch" };
      }
    }
    const known = await findEqual(tx, request, bundle);
    if (known === undefined && await queuedCount(tx) >= QUEUED_MAX) {
      return { status: "queue_full" };
    }
    const id = known ?? await store(tx, request, bundle);
    if (idempotencyKey !== undefined) {
      await tx`
        INSERT INTO trestle.idempotency_key (person_id, key, request_hash, submission_id)
        VALUES (${personId}, ${idempotencyKey}, ${
        requestHash(workshop, bundle)
      }, ${id})`;
    }
    return { status: known === undefined ? "stored" : "known", id };
  });
}

function requestHash(workshop: string, bundle: Bundle): string {
  return createHash("sha256").update(`${workshop}\0${bundle.hash}`).digest(
    "hex",
  );
}

async function findByKey(
  tx: TransactionSql,
  personId: string,
  key: string,
): Promise<{ id: string; requestHash: string } | undefined> {
  const [row] = await tx<{ id: string; requestHash: string }[]>`
    SELECT submission_id AS id, request_hash AS "requestHash"
    FROM trestle.idempotency_key WHERE person_id = ${personId} AND key = ${key}`;
  return row;
}

/**
 * An equal upload whose result stands or is on its way. A timeout, an inconclusive check and a fault of ours may
 * end differently next time.
 */
async function findEqual(
  tx: TransactionSql,
  { personId, workshop, suiteHash }: SubmitRequest,
  bundle: Bundle,
): Promise<string | undefined> {
  const [row] = await tx<{ id: string }[]>`
    SELECT id FROM trestle.submission
    WHERE person_id = ${personId} AND workshop = ${workshop}
      AND bundle_hash = ${bundle.hash} AND suite_hash = ${suiteHash}
      AND state <> 'canceled' AND NOT is_cancel_requested
      AND (verdict IS NULL OR verdict NOT IN ('timeout', 'infra_error'))
      AND NOT checks @> '[{"status": "inconclusive"}]'
    ORDER BY ordinal DESC LIMIT 1`;
  return row?.id;
}

async function queuedCount(tx: TransactionSql): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    SELECT count(*)::integer AS count FROM trestle.submission WHERE state = 'queued'`;
  return row!.count;
}

async function store(
  tx: TransactionSql,
  { personId, workshop, suiteHash }: SubmitRequest,
  bundle: Bundle,
): Promise<string> {
  // With the lock it is asked again whether each still waits: a worker may claim it at this moment.
  await tx`
    SELECT trestle.cancel(id, 'superseded') FROM (
      SELECT id FROM trestle.submission
      WHERE person_id = ${personId} AND workshop = ${workshop} AND state = 'queued'
      FOR UPDATE
    ) AS waiting`;
  await tx`
    INSERT INTO trestle.bundle (hash, files) VALUES (${bundle.hash}, ${bundle.json}::text::json)
    ON CONFLICT DO NOTHING`;
  // Whoever has much waiting yields to those who have little.
  const [row] = await tx<{ id: string }[]>`
    INSERT INTO trestle.submission (person_id, workshop, bundle_hash, suite_hash, seed, priority)
    SELECT ${personId}, ${workshop}, ${bundle.hash}, ${suiteHash},
      ${randomBytes(8).toString("hex")}, least(count(*), 100)
    FROM trestle.submission WHERE person_id = ${personId} AND state = 'queued'
    RETURNING id`;
  await tx`SELECT trestle.enqueue(${row!.id})`;
  await tx`
    SELECT trestle.append_event(id, 'queued', json_build_object('position', position, 'etaMs', eta_ms))
    FROM trestle.queue_line WHERE id = ${row!.id}`;
  return row!.id;
}
