import type { Ledger } from "./ledger.ts";

/** What the other side got from the instance, and what it gave. */
const WAYS = ["got", "gave"] as const;
type Way = typeof WAYS[number];

/** What is told of a connection whose bytes nobody reads: that it is there, which way has ended, and how it was over. */
export class RawBytes {
  readonly #ledger: Ledger;
  readonly #bytes: Record<Way, number> = { got: 0, gave: 0 };
  readonly #ended = new Set<Way>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    ledger.told("connected");
  }

  passed(way: Way, bytes: number): void {
    this.#bytes[way] += bytes;
  }

  ended(way: Way): void {
    this.#ended.add(way);
    this.#ledger.told(`${way} ${this.#bytes[way]} bytes and the end`);
  }

  /** Says nothing new of a connection that has ended both ways. */
  closed(): void {
    const open = WAYS.filter((way) => !this.#ended.has(way))
      .map((way) => `${way} ${this.#bytes[way]} bytes and no end`);
    if (open.length > 0) this.#ledger.told(`closed: ${open.join(", ")}`);
  }
}
