-- Files as uploaded, by their content: equal uploads are kept once. `json`, not `jsonb`, since it keeps every
-- character, also U+0000, which jsonb refuses.
CREATE TABLE trestle.bundle (
  hash text PRIMARY KEY,
  files json NOT NULL
);

-- Processes that grade, by the id that the job queue knows them by. A row is a lease: whoever lets
-- `heartbeat_at` grow old loses it, and every run with it.
CREATE TABLE trestle.worker (
  id text PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE trestle.submission (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- Order of arrival.
  ordinal bigint NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY,
  person_id uuid NOT NULL REFERENCES trestle.person,
  workshop text NOT NULL,
  bundle_hash text NOT NULL REFERENCES trestle.bundle,
  suite_hash text NOT NULL,
  seed text NOT NULL,
  priority smallint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'running', 'finished', 'canceled')),
  verdict text CHECK ((verdict IS NOT NULL) = (state IN ('finished', 'canceled'))),
  -- Rises whenever a run is taken from its worker; a result with an older number is refused.
  attempt smallint NOT NULL DEFAULT 1,
  lost_leases smallint NOT NULL DEFAULT 0,
  worker_id text CHECK ((worker_id IS NOT NULL) = (state = 'running')),
  is_cancel_requested boolean NOT NULL DEFAULT false,
  -- Number of its last event.
  event_seq integer NOT NULL DEFAULT 0,
  -- [{"id": "03.4a", "status": "pass"}, …] so far, in order.
  checks jsonb NOT NULL DEFAULT '[]',
  report json CHECK (octet_length(report::text) <= 262144),
  received_at timestamptz NOT NULL DEFAULT now(),
  claimed_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX ON trestle.submission (person_id, workshop, ordinal DESC);
CREATE INDEX ON trestle.submission (priority, ordinal) WHERE state = 'queued';
CREATE INDEX ON trestle.submission (worker_id) WHERE state = 'running';
CREATE INDEX ON trestle.submission (workshop, finished_at DESC) WHERE state = 'finished';

CREATE TABLE trestle.idempotency_key (
  person_id uuid NOT NULL REFERENCES trestle.person,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  request_hash text NOT NULL,
  submission_id uuid NOT NULL REFERENCES trestle.submission,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person_id, key)
);

-- What happened, append-only. `seq` counts 1, 2, 3, … within a submission and is given under its row lock, so
-- numbers appear in order of commit and a reader that resumes after one of them misses nothing.
CREATE TABLE trestle.submission_event (
  submission_id uuid NOT NULL REFERENCES trestle.submission,
  seq integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  data json NOT NULL,
  PRIMARY KEY (submission_id, seq)
);

CREATE TABLE trestle.stage_progress (
  person_id uuid NOT NULL REFERENCES trestle.person,
  workshop text NOT NULL,
  stage smallint NOT NULL,
  status text NOT NULL CHECK (status IN ('passed', 'failing')),
  passed_at timestamptz,
  PRIMARY KEY (person_id, workshop, stage)
);

CREATE FUNCTION trestle.append_event(of_submission uuid, kind text, data json) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  next_seq integer;
  of_person uuid;
BEGIN
  UPDATE trestle.submission SET event_seq = event_seq + 1
    WHERE id = of_submission
    RETURNING event_seq, person_id INTO next_seq, of_person;
  INSERT INTO trestle.submission_event (submission_id, seq, kind, data)
    VALUES (of_submission, next_seq, kind, data);
  PERFORM pg_notify('trestle_event', concat_ws(' ', of_submission, of_person, kind));
END $$;

-- Puts a submission into the job queue, within the caller's transaction. One queue per learner: nobody occupies
-- more than one worker. The job key lets a newer submission replace a queued older one of the same workshop.
-- The time of arrival as `run_at` keeps its place in the line when it is queued again.
CREATE FUNCTION trestle.enqueue(of_submission uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  job_id bigint;
BEGIN
  -- add_job() adds nothing when a worker takes the older job of this key between its own statements; the next
  -- try finds that job taken and adds another.
  FOR _ IN 1..5 LOOP
    SELECT job.id INTO job_id
    FROM trestle.submission AS s, graphile_worker.add_job(
      'grade',
      json_build_object('submission', s.id, 'attempt', s.attempt),
      queue_name := 'learner:' || s.person_id,
      job_key := 'grade:' || s.person_id || ':' || s.workshop,
      run_at := s.received_at,
      priority := s.priority) AS job
    WHERE s.id = of_submission;
    IF job_id IS NOT NULL THEN RETURN; END IF;
  END LOOP;
  RAISE EXCEPTION 'No job could be added for submission %', of_submission;
END $$;

CREATE FUNCTION trestle.cancel(of_submission uuid, reason text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE trestle.submission
    SET state = 'canceled', verdict = 'canceled', worker_id = NULL, finished_at = now()
    WHERE id = of_submission;
  PERFORM trestle.append_event(of_submission, 'canceled', json_build_object('reason', reason));
END $$;
