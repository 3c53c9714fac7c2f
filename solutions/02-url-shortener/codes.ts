/** Codes: a counter says which number is next, a bijection makes it look random. */
import type { Sql } from "postgres";

const ALPHABET =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Numbers taken from the sequence at once: one SQL message for so many links. */
const LEASE_SIZE = 100;

/** Instances start together, and IF NOT EXISTS alone is no protection: both may find it missing. */
export async function createSequence(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('codes'))`;
    await transaction.unsafe(
      `CREATE SEQUENCE IF NOT EXISTS link_numbers INCREMENT BY ${LEASE_SIZE} MINVALUE 0`,
    );
  });
}

/**
 * Gives a new code at each call. Two instances lease disjoint ranges, so they never need to ask each other; a
 * crash wastes the rest of a lease, which costs nothing.
 */
export function codeMaker(sql: Sql, length: number): () => Promise<string> {
  let next = 0;
  let end = 0;
  let lease: Promise<void> | undefined;

  async function takeLease(): Promise<void> {
    const [row] = await sql`SELECT nextval('link_numbers') AS start`;
    next = Number(row!.start);
    end = next + LEASE_SIZE;
  }

  return async function nextCode() {
    // Requests that find the lease used up wait for the same new one.
    while (next >= end) {
      lease ??= takeLease().finally(() => lease = undefined);
      await lease;
    }
    return scramble(next++, length);
  };
}

/**
 * Maps 0 … 62^length − 1 onto itself: (n + 1) × m modulo 62^length is a bijection when m and 62 share no factor.
 * Neighbours end up far apart, so a visitor cannot guess the next link; no secret is kept by it.
 */
export function scramble(number: number, length: number): string {
  const space = 62n ** BigInt(length);
  if (BigInt(number) >= space) {
    throw new RangeError(`All ${space} codes of length ${length} are used`);
  }
  const mixed = (BigInt(number) + 1n) * multiplierFor(space) % space;
  return toBase62(mixed, length);
}

/** Near the golden ratio of the space, and coprime to 62 = 2 × 31. */
function multiplierFor(space: bigint): bigint {
  let candidate = space * 618_034n / 1_000_000n | 1n;
  while (candidate % 31n === 0n) candidate += 2n;
  return candidate;
}

function toBase62(number: bigint, length: number): string {
  let code = "";
  for (let rest = number; code.length < length; rest /= 62n) {
    code = ALPHABET[Number(rest % 62n)] + code;
  }
  return code;
}
