/** Codes: ranges from a row that is locked while it is raised, mixed by a small Feistel network. */
import type { Sql } from "postgres";

const ALPHABET =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANGE = 50;
const ROUNDS = 4;

export async function createSequence(sql: Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(2)`;
    await transaction`
      CREATE TABLE IF NOT EXISTS ranges (id int PRIMARY KEY, next bigint NOT NULL)`;
    await transaction`
      INSERT INTO ranges VALUES (1, 0) ON CONFLICT DO NOTHING`;
  });
}

export function codeMaker(sql: Sql, length: number): () => Promise<string> {
  const numbers: bigint[] = [];
  let fetching: Promise<void> | undefined;

  async function fetchRange(): Promise<void> {
    const [row] = await sql<{ next: string }[]>`
      UPDATE ranges SET next = next + ${RANGE} WHERE id = 1 RETURNING next`;
    const end = BigInt(row!.next);
    for (let back = BigInt(RANGE); back > 0n; back--) numbers.push(end - back);
  }

  return async function nextCode() {
    while (numbers.length === 0) {
      fetching ??= fetchRange().finally(() => fetching = undefined);
      await fetching;
    }
    return toBase62(mix(numbers.shift()!, 62n ** BigInt(length)), length);
  };
}

/** Feistel over two bit halves; a number that lands outside the space is mixed again until it is inside. */
function mix(number: bigint, space: bigint): bigint {
  const halfBits = BigInt(Math.ceil(space.toString(2).length / 2));
  const mask = (1n << halfBits) - 1n;
  let mixed = number;
  do {
    let [left, right] = [mixed >> halfBits, mixed & mask];
    for (let round = 1; round <= ROUNDS; round++) {
      const noise = (right * 0x9E3779B1n + BigInt(round) * 0x85EBCA6Bn) >> 7n;
      [left, right] = [right, left ^ (noise & mask)];
    }
    mixed = left << halfBits | right;
  } while (mixed >= space);
  return mixed;
}

function toBase62(number: bigint, length: number): string {
  let code = "";
  for (let rest = number; code.length < length; rest /= 62n) {
    code = ALPHABET[Number(rest % 62n)] + code;
  }
  return code;
}
