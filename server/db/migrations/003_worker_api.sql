-- All that a worker may do: claim, heartbeat, record. The functions run with their owner's rights; the worker's
-- own role sees neither people nor tokens nor other submissions.
CREATE SCHEMA worker_api;

-- The run that a job stands for, marked as this worker's; no row if it was canceled, superseded or taken over.
CREATE FUNCTION worker_api.claim(of_worker text, of_submission uuid, of_attempt integer)
RETURNS TABLE (workshop text, files json, seed text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE trestle.submission AS s
    SET state = 'running', worker_id = of_worker, claimed_at = now(), checks = '[]'
    WHERE s.id = of_submission AND s.attempt = of_attempt AND s.state = 'queued'
      AND EXISTS (SELECT FROM trestle.worker AS w WHERE w.id = of_worker);
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM trestle.append_event(
    of_submission, 'claimed', json_build_object('attempt', of_attempt));
  RETURN QUERY SELECT s.workshop, b.files, s.seed
    FROM trestle.submission AS s JOIN trestle.bundle AS b ON b.hash = s.bundle_hash
    WHERE s.id = of_submission;
END $$;

-- Renews the lease and takes what others have lost. Gives the runs that this worker still holds.
CREATE FUNCTION worker_api.heartbeat(of_worker text)
RETURNS TABLE (submission_id uuid, attempt smallint, is_cancel_requested boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO trestle.worker (id) VALUES (of_worker)
    ON CONFLICT (id) DO UPDATE SET heartbeat_at = now();
  PERFORM trestle.release_lost_leases();
  RETURN QUERY SELECT s.id, s.attempt, s.is_cancel_requested
    FROM trestle.submission AS s
    WHERE s.worker_id = of_worker AND s.state = 'running';
END $$;

-- Ends the lease of a worker that is about to stop.
CREATE FUNCTION worker_api.sign_off(of_worker text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM trestle.worker WHERE id = of_worker;
$$;

-- Keeps one event of a run; false once the run is somebody else's.
CREATE FUNCTION worker_api.record_event(
  of_submission uuid, of_attempt integer, kind text, data json, finished_check jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE trestle.submission AS s
    SET checks = CASE WHEN finished_check IS NULL THEN s.checks ELSE s.checks || finished_check END
    WHERE s.id = of_submission AND s.attempt = of_attempt AND s.state = 'running';
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM trestle.append_event(of_submission, kind, data);
  RETURN true;
END $$;

-- Keeps the result of a run and what it means for the learner's progress; false if it came too late.
CREATE FUNCTION worker_api.finish(
  of_submission uuid, of_attempt integer, of_verdict text, of_report json, all_checks jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE trestle.submission AS s
    SET state = 'finished', verdict = of_verdict, report = of_report, checks = all_checks,
        worker_id = NULL, finished_at = now()
    WHERE s.id = of_submission AND s.attempt = of_attempt AND s.state = 'running';
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM trestle.note_progress(of_submission);
  -- The report is in the submission's row; whoever sends this event adds it.
  PERFORM trestle.append_event(of_submission, 'run_finished', '{}');
  RETURN true;
END $$;

-- Gives a run back. With `is_fault` it counts as a lost lease; without, as a worker that was asked to stop.
-- `last_report` is what the grader said of its own fault: kept if there is no further attempt.
CREATE FUNCTION worker_api.give_back(
  of_submission uuid, of_attempt integer, is_fault boolean, last_report json
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN trestle.take_back(of_submission, of_attempt, is_fault, last_report);
END $$;

-- The learner asked for it, and the worker has stopped.
CREATE FUNCTION worker_api.confirm_cancel(of_submission uuid, of_attempt integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM trestle.submission AS s
    WHERE s.id = of_submission AND s.attempt = of_attempt AND s.state = 'running'
      AND s.is_cancel_requested
    FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM trestle.cancel(of_submission, 'by_learner');
  RETURN true;
END $$;

-- Passed stays passed; a stage that did not run says nothing new.
CREATE FUNCTION trestle.note_progress(of_submission uuid) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO trestle.stage_progress AS old (person_id, workshop, stage, status, passed_at)
  SELECT s.person_id, s.workshop, (stage->>'number')::smallint,
    CASE stage->>'status' WHEN 'passed' THEN 'passed' ELSE 'failing' END,
    CASE stage->>'status' WHEN 'passed' THEN now() END
  FROM trestle.submission AS s, json_array_elements(s.report->'stages') AS stage
  WHERE s.id = of_submission AND stage->>'status' IN ('passed', 'failed')
  ON CONFLICT (person_id, workshop, stage) DO UPDATE
    SET status = excluded.status, passed_at = excluded.passed_at
    WHERE old.status <> 'passed';
$$;
