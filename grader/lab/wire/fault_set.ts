import type { Fault } from "../faults/types.ts";

/** The faults of one proxy that are not healed. */
export class FaultSet {
  readonly #active = new Set<ActiveFault>();
  readonly #onChange: () => void;

  /** `onChange` is called after each begin and each heal. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  begin(kind: FaultKind, delayMs = 0): Fault {
    const fault = new ActiveFault(kind, delayMs, () => {
      if (this.#active.delete(fault)) this.#onChange();
    });
    this.#active.add(fault);
    this.#onChange();
    return fault;
  }

  healAll(): void {
    for (const fault of [...this.#active]) fault.heal();
  }

  has(kind: FaultKind): boolean {
    for (const fault of this.#active) if (fault.kind === kind) return true;
    return false;
  }

  /** All latencies together. */
  get delayMs(): number {
    let sum = 0;
    for (const fault of this.#active) sum += fault.delayMs;
    return sum;
  }

  /** Every fault of this kind has just touched one more connection or message. */
  hit(kind: FaultKind): void {
    for (const fault of this.#active) if (fault.kind === kind) fault.hits += 1;
  }
}

export type FaultKind = "latency" | "cut" | "blackhole" | "slice";

class ActiveFault implements Fault {
  hits = 0;

  constructor(
    readonly kind: FaultKind,
    readonly delayMs: number,
    readonly heal: () => void,
  ) {}

  [Symbol.dispose](): void {
    this.heal();
  }
}
