-- Passed stays passed; a stage that did not run says nothing new, nor does one that failed because the grader broke.
CREATE OR REPLACE FUNCTION trestle.note_progress(of_submission uuid) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO trestle.stage_progress AS old (person_id, workshop, stage, status, passed_at)
  SELECT s.person_id, s.workshop, (stage->>'number')::smallint,
    CASE stage->>'status' WHEN 'passed' THEN 'passed' ELSE 'failing' END,
    CASE stage->>'status' WHEN 'passed' THEN now() END
  FROM trestle.submission AS s, json_array_elements(s.report->'stages') AS stage
  WHERE s.id = of_submission
    AND (stage->>'status' = 'passed' OR (stage->>'status' = 'failed' AND s.verdict <> 'infra_error'))
  ON CONFLICT (person_id, workshop, stage) DO UPDATE
    SET status = excluded.status, passed_at = excluded.passed_at
    WHERE old.status <> 'passed';
$$;

-- Ours, never charged to the learner; what passed before the grader broke has passed.
CREATE OR REPLACE FUNCTION trestle.give_up(of_submission uuid, last_report json) RETURNS void
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
  PERFORM trestle.note_progress(of_submission);
  PERFORM trestle.append_event(of_submission, 'run_finished', '{}');
END $$;
