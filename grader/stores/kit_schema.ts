/**
 * What every run database begins with. `kit` holds the virtual clock, which only the lab may set; `app` is
 * where the learner's tables go. Only the run's own role can connect (pg_hba.conf), so PUBLIC means that role.
 *
 * The cluster's search_path is `app, kit, pg_catalog`: with pg_catalog named last, plain `now()` is ours, in
 * queries and in `DEFAULT now()`. Out of reach are the keyword CURRENT_TIMESTAMP and `pg_catalog.now()`.
 */
export const KIT_SCHEMA = `
CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO PUBLIC;

CREATE SCHEMA kit;
GRANT USAGE ON SCHEMA kit TO PUBLIC;

CREATE TABLE kit.clock (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  at timestamptz NOT NULL
);
INSERT INTO kit.clock (at) VALUES (pg_catalog.now());
GRANT SELECT ON kit.clock TO PUBLIC;

-- STABLE lets an index serve "expires_at < now()". Bound when made, so nothing on a search_path can redirect it.
CREATE FUNCTION kit.now() RETURNS timestamptz
  STABLE PARALLEL SAFE RETURN (SELECT clock.at FROM kit.clock);
CREATE FUNCTION kit.transaction_timestamp() RETURNS timestamptz
  STABLE PARALLEL SAFE RETURN (SELECT clock.at FROM kit.clock);
CREATE FUNCTION kit.statement_timestamp() RETURNS timestamptz
  STABLE PARALLEL SAFE RETURN (SELECT clock.at FROM kit.clock);
CREATE FUNCTION kit.clock_timestamp() RETURNS timestamptz
  VOLATILE PARALLEL SAFE RETURN (SELECT clock.at FROM kit.clock);
`;
