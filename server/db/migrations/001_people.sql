-- Who may do what. In solo mode there is one person, the owner.
CREATE TABLE trestle.person (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  role text NOT NULL CHECK (role IN ('owner', 'instructor', 'learner')),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Bearer secrets, of which only the SHA-256 is kept: whoever reads this table cannot sign in.
CREATE TABLE trestle.access_token (
  hash bytea PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES trestle.person,
  purpose text NOT NULL CHECK (purpose IN ('enter', 'session', 'cli')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON trestle.access_token (expires_at);

CREATE TABLE trestle.hint_unlock (
  person_id uuid NOT NULL REFERENCES trestle.person,
  workshop text NOT NULL,
  stage smallint NOT NULL,
  level smallint NOT NULL,
  unlocked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person_id, workshop, stage, level)
);
