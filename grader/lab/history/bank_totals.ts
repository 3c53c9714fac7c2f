import { listed } from "./listed.ts";
import type { Finding, Operation } from "./types.ts";

/** What can be asked of a bank. The output of a `read` is the balance of every account, in minor units. */
export type BankInput =
  | { readonly kind: "read" }
  | {
    readonly kind: "transfer";
    readonly from: string;
    readonly to: string;
    readonly amount: number;
  };

/** The balances that one read showed. */
export type Balances = Readonly<Record<string, number>>;

/** What {@link bankTotals} found. */
export interface BankFinding extends Finding {
  /** Reads whose balances do not add up to the total. */
  readonly wrongTotals: readonly Balances[];
  /** Reads that show less than nothing on an account. */
  readonly negatives: readonly Balances[];
}

/** Options of {@link bankTotals}. */
export interface BankOptions {
  /** What all balances add up to, always, in minor units. */
  readonly total: number;
  /** Default false. */
  readonly mayBeNegative?: boolean;
}

/**
 * Whether money is neither made nor lost: transfers only move it, so every read of all accounts, at any moment,
 * adds up to the same total. Finds lost updates, dirty reads and half-done transfers.
 *
 * @returns `unknown` when no transfer was acknowledged or no read came back, for then nothing was tried.
 * @see Kingsbury, Jepsen's bank test
 */
export function bankTotals(
  history: readonly Operation<BankInput, Balances>[],
  { total, mayBeNegative = false }: BankOptions,
): BankFinding {
  const reads = history.flatMap(({ input, output, outcome }) =>
    input.kind === "read" && outcome === "ok" && output !== undefined
      ? [output]
      : []
  );
  const wrongTotals = reads.filter((balances) => sum(balances) !== total);
  const negatives = reads.filter((balances) =>
    Object.values(balances).some((balance) => balance < 0)
  );
  const found = { wrongTotals, negatives };

  const problems = [
    wrongTotals.length > 0 &&
    `${wrongTotals.length} of ${reads.length} reads do not add up to ${total}: ` +
      listed(wrongTotals.map((balances) => sum(balances))),
    !mayBeNegative && negatives.length > 0 &&
    `${negatives.length} of ${reads.length} reads show a negative balance: ` +
      listed(negatives.map(negativeOf)),
  ].filter((problem) => problem !== false);
  if (problems.length > 0) {
    return { verdict: "invalid", message: problems.join("; "), ...found };
  }
  const hasTransfers = history.some(({ input, outcome }) =>
    input.kind === "transfer" && outcome === "ok"
  );
  if (!hasTransfers || reads.length === 0) {
    const message = hasTransfers
      ? "No read of the balances came back"
      : "No transfer was acknowledged";
    return { verdict: "unknown", message, ...found };
  }
  return { verdict: "valid", message: "", ...found };
}

function sum(balances: Balances): number {
  return Object.values(balances).reduce((left, right) => left + right, 0);
}

function negativeOf(balances: Balances): Balances {
  return Object.fromEntries(
    Object.entries(balances).filter(([, balance]) => balance < 0),
  );
}
