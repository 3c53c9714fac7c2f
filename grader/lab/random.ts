import { createHash } from "node:crypto";
import type { Random } from "./types.ts";

/** A generator whose values follow from `seed` alone. */
export function seededRandom(seed: string): Random {
  const next = sfc32(seed);
  const fraction = () => next() / 2 ** 32;
  const integer = (low: number, high: number) => {
    if (
      !Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low > high
    ) {
      throw new RangeError(
        `A random integer lies between two whole numbers, not ${low} and ${high}`,
      );
    }
    return low + Math.floor(fraction() * (high - low + 1));
  };
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError("Cannot pick from no items");
    return items[integer(0, items.length - 1)]!;
  };
  return {
    integer,
    fraction,
    pick,
    shuffle: (items) => shuffled(items, integer),
    word: (length = 8) =>
      Array.from({ length }, () => pick(LETTERS_AND_DIGITS)).join(""),
  };
}

/** The run's seed on the first try; a try repeated after an inconclusive one has a seed of its own. */
export function seedOfAttempt(runSeed: string, attempt: number): string {
  return attempt === 1 ? runSeed : `${runSeed}.${attempt}`;
}

/** A seed for a run that was given none; short enough to be typed again. */
export function newSeed(): string {
  return crypto.randomUUID().slice(0, 8);
}

/** Fisher–Yates on a copy. */
function shuffled<T>(
  items: readonly T[],
  integer: (low: number, high: number) => number,
): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = integer(0, last);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/** Chris Doty-Humphrey's Small Fast Counting generator (PractRand): 32 bits a call, period above 2^64. */
function sfc32(seed: string): () => number {
  const digest = createHash("sha256").update(seed).digest();
  let [a, b, c, counter] = [0, 4, 8, 12].map((at) =>
    digest.readInt32LE(at)
  ) as [number, number, number, number];
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum | 0;
    return sum >>> 0;
  };
}

const LETTERS_AND_DIGITS = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
];
