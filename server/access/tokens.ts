import { createHash, randomBytes } from "node:crypto";
import type { Sql } from "postgres";
import type { Person } from "./person.ts";

/** What a token is for, and how long it lives. */
const LIFETIME_SEC = {
  /** In the printed link; spent by its first use. */
  enter: 24 * 3600,
  /** In a browser's cookie. */
  session: 30 * 24 * 3600,
  /** In server.json, for the command line; a new one at each start. */
  cli: 365 * 24 * 3600,
} as const;

export type TokenPurpose = keyof typeof LIFETIME_SEC;

export const SESSION_SECONDS = LIFETIME_SEC.session;

/** Makes a token and gives its secret, which is kept nowhere else. Old tokens are swept out. */
export async function issueToken(
  sql: Sql,
  personId: string,
  purpose: TokenPurpose,
): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  await sql`DELETE FROM trestle.access_token WHERE expires_at < now()`;
  await sql`
    INSERT INTO trestle.access_token (hash, person_id, purpose, expires_at)
    VALUES (${hash(secret)}, ${personId}, ${purpose},
      now() + make_interval(secs => ${LIFETIME_SEC[purpose]}))`;
  return secret;
}

/** Whose token of this purpose it is; undefined if it is unknown or too old. */
export async function findPerson(
  sql: Sql,
  secret: string,
  purpose: TokenPurpose,
): Promise<Person | undefined> {
  const [person] = await sql<Person[]>`
    SELECT person.id, person.name, person.role
    FROM trestle.access_token AS token JOIN trestle.person AS person ON person.id = token.person_id
    WHERE token.hash = ${
    hash(secret)
  } AND token.purpose = ${purpose} AND token.expires_at > now()`;
  return person;
}

/** Exchanges the token of a printed link for a session's; undefined if it was used before. */
export async function enter(
  sql: Sql,
  secret: string,
): Promise<string | undefined> {
  const [spent] = await sql<{ personId: string }[]>`
    DELETE FROM trestle.access_token
    WHERE hash = ${hash(secret)} AND purpose = 'enter' AND expires_at > now()
    RETURNING person_id AS "personId"`;
  return spent && await issueToken(sql, spent.personId, "session");
}

/** Ends every token of this purpose. */
export async function revokeTokens(
  sql: Sql,
  purpose: TokenPurpose,
): Promise<void> {
  await sql`DELETE FROM trestle.access_token WHERE purpose = ${purpose}`;
}

/** Secrets have 256 random bits, so a fast hash without salt is enough. */
function hash(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
