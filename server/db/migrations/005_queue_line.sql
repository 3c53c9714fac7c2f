-- The line as it stands: who is next, and when a verdict can be expected, from the last 20 runs of each workshop
-- (20 s where there was none). Runs under way count for what is left of them.
CREATE VIEW trestle.queue_line AS
WITH pace AS (
  SELECT waiting.workshop, coalesce(recent.run_ms, 20000) AS run_ms
  FROM (
    SELECT DISTINCT workshop FROM trestle.submission WHERE state IN ('queued', 'running')
  ) AS waiting
  LEFT JOIN LATERAL (
    SELECT avg(run.ms) AS run_ms FROM (
      SELECT extract(epoch FROM s.finished_at - s.claimed_at) * 1000 AS ms
      FROM trestle.submission AS s
      WHERE s.workshop = waiting.workshop AND s.state = 'finished' AND s.verdict <> 'infra_error'
      ORDER BY s.finished_at DESC LIMIT 20
    ) AS run
  ) AS recent ON true
), under_way AS (
  SELECT coalesce(sum(greatest(0,
    pace.run_ms - extract(epoch FROM now() - s.claimed_at) * 1000)), 0) AS left_ms
  FROM trestle.submission AS s JOIN pace USING (workshop) WHERE s.state = 'running'
), crew AS (
  SELECT greatest(1, count(*)) AS workers FROM trestle.worker
)
SELECT s.id, s.person_id,
  (row_number() OVER line)::integer AS position,
  round((under_way.left_ms + sum(pace.run_ms) OVER line) / crew.workers)::integer AS eta_ms
FROM trestle.submission AS s JOIN pace USING (workshop), under_way, crew
WHERE s.state = 'queued'
WINDOW line AS (ORDER BY s.priority, s.ordinal);
