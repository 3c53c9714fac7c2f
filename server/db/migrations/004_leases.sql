-- Takes a run from its worker and queues it again, or gives up after the third lost lease. The person's row is
-- locked first, as every path that looks at a learner's other submissions does; so none of them deadlock.
CREATE FUNCTION trestle.take_back(
  of_submission uuid, of_attempt integer, is_fault boolean, last_report json DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  run trestle.submission;
BEGIN
  PERFORM FROM trestle.person AS p
    WHERE p.id = (SELECT person_id FROM trestle.submission WHERE id = of_submission)
    FOR NO KEY UPDATE;
  SELECT * INTO run FROM trestle.submission
    WHERE id = of_submission AND attempt = of_attempt AND state = 'running'
    FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;

  -- A job of its own for the next attempt: a worker that comes back late can end its old job only. The learner's
  -- queue is unlocked here because the end of a deleted job would not do it.
  DELETE FROM graphile_worker._private_jobs
    WHERE payload->>'submission' = of_submission::text;
  UPDATE graphile_worker._private_job_queues SET locked_by = NULL, locked_at = NULL
    WHERE queue_name = 'learner:' || run.person_id AND locked_by = run.worker_id;
  UPDATE trestle.submission
    SET state = 'queued', worker_id = NULL, attempt = attempt + 1,
        lost_leases = lost_leases + is_fault::integer
    WHERE id = of_submission
    RETURNING * INTO run;
  PERFORM trestle.append_event(
    of_submission, 'lease_lost', json_build_object('attempt', of_attempt));

  IF run.is_cancel_requested THEN
    PERFORM trestle.cancel(of_submission, 'by_learner');
  ELSIF run.lost_leases >= 3 THEN
    PERFORM trestle.give_up(of_submission, last_report);
  ELSIF EXISTS (
    SELECT FROM trestle.submission AS newer
    WHERE newer.person_id = run.person_id AND newer.workshop = run.workshop
      AND newer.state = 'queued' AND newer.ordinal > run.ordinal
  ) THEN
    PERFORM trestle.cancel(of_submission, 'superseded');
  ELSE
    PERFORM trestle.enqueue(of_submission);
  END IF;
  RETURN true;
END $$;

-- Ours, never charged to the learner.
CREATE FUNCTION trestle.give_up(of_submission uuid, last_report json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE trestle.submission
    SET state = 'finished', verdict = 'infra_error', worker_id = NULL, finished_at = now(),
      report = coalesce(last_report, json_build_object(
        'version', 1,
        'workshop', workshop,
        'verdict', 'infra_error',
        'summary', 'The grader broke down three times while it ran this submission: our fault, not charged. '
          || 'Submit again; if it happens again, look at the worker''s log',
        'seed', seed,
        'floor', 'local',
        'kitVersion', '',
        'suiteHash', suite_hash,
        'startedAt', coalesce(claimed_at, received_at),
        'finishedAt', now(),
        'wallMs', 0,
        'cpuMs', 0,
        'peakMemoryBytes', 0,
        'stages', '[]'::json,
        'output', '',
        'isOutputTruncated', false))
    WHERE id = of_submission;
  PERFORM trestle.append_event(of_submission, 'run_finished', '{}');
END $$;

-- Finds workers whose heartbeat is older than 15 s, and brings back everything that they held. Run by every
-- heartbeat and by the server, so that it takes only one process that is alive.
CREATE FUNCTION trestle.release_lost_leases() RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  lost record;
  released integer := 0;
BEGIN
  DELETE FROM trestle.worker WHERE heartbeat_at < now() - interval '15 seconds';
  FOR lost IN
    SELECT s.id, s.attempt FROM trestle.submission AS s
    WHERE s.state = 'running'
      AND NOT EXISTS (SELECT FROM trestle.worker AS w WHERE w.id = s.worker_id)
    ORDER BY s.person_id
  LOOP
    released := released + trestle.take_back(lost.id, lost.attempt, true)::integer;
  END LOOP;

  -- Locks of workers that are gone, or that died before their first heartbeat.
  PERFORM graphile_worker.force_unlock_workers(array(
    SELECT locked_by FROM graphile_worker._private_jobs
      WHERE locked_at < now() - interval '15 seconds'
        AND NOT EXISTS (SELECT FROM trestle.worker WHERE id = locked_by)
    UNION
    SELECT locked_by FROM graphile_worker._private_job_queues
      WHERE locked_at < now() - interval '15 seconds'
        AND NOT EXISTS (SELECT FROM trestle.worker WHERE id = locked_by)
  ));

  -- Whatever became of its job, a queued submission has one that can still run.
  PERFORM trestle.enqueue(s.id) FROM trestle.submission AS s
    WHERE s.state = 'queued' AND s.received_at < now() - interval '15 seconds'
      AND NOT EXISTS (
        SELECT FROM graphile_worker._private_jobs AS j
        WHERE j.payload->>'submission' = s.id::text
          AND (j.is_available OR j.locked_at IS NOT NULL));
  RETURN released;
END $$;
