import type { Model } from "./models.ts";
import type { Finding, Operation } from "./types.ts";

/** Options of {@link linearizable}. */
export interface LinearizableOptions {
  /** Time for the search over all keys, ms; the problem is NP-complete. Default 2,000. */
  readonly budgetMs?: number;
}

/**
 * Whether every key's history is linearizable: whether each operation can be given one moment between its start
 * and its end so that, in the order of these moments, the model gives the answers that were seen.
 *
 * Operations with outcome `fail` are left out. A `maybe` may take effect at any time after its start, or never.
 * Keys are searched one by one, since linearizability is local. Keep to 8 clients, 200 operations a key and
 * distinct written values, and the search ends in milliseconds.
 *
 * @returns `invalid` with the operation that fits nowhere, or `unknown` when the budget ran out.
 * @see Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects", 1990
 * @see Wing and Gong, "Testing and verifying concurrent objects", 1993; Lowe, "Testing for linearizability", 2017:
 * depth-first search that remembers each pair of placed operations and state
 */
export function linearizable<State, Input, Output>(
  history: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
  { budgetMs = 2_000 }: LinearizableOptions = {},
): Finding {
  const deadline = performance.now() + budgetMs;
  const keys = Map.groupBy(history, ({ key = "" }) => key);
  let undecided: string | undefined;
  for (const [key, operations] of keys) {
    const search = new Search(operations, model, deadline);
    switch (search.run()) {
      case "valid":
        continue;
      case "unknown":
        undecided ??= key;
        continue;
      case "invalid":
        return { verdict: "invalid", message: search.explain(key) };
    }
  }
  if (undecided === undefined) return { verdict: "valid", message: "" };
  const message = `No verdict on key ${JSON.stringify(undecided)} ` +
    `within ${budgetMs} ms: ${keys.get(undecided)!.length} operations`;
  return { verdict: "unknown", message };
}

/** What an entry hangs on: the one before it, or the head of the list. */
interface Link<Input, Output> {
  next: Entry<Input, Output> | undefined;
}

/** Start or end of an operation, in a doubly linked list in the order of time. */
interface Entry<Input, Output> extends Link<Input, Output> {
  readonly operation: Operation<Input, Output>;
  readonly index: number;
  /** For a start, its end; a `maybe` has none. */
  readonly end?: Entry<Input, Output>;
  readonly isStart: boolean;
  readonly atMs: number;
  previous: Link<Input, Output>;
}

class Search<State, Input, Output> {
  readonly #model: Model<State, Input, Output>;
  readonly #deadline: number;
  readonly #head: Link<Input, Output>;
  /** Acknowledged operations that have no moment yet. */
  #open: number;
  /** Bit `index` is set for each operation that has its moment. */
  #placed = 0n;
  readonly #seen = new Set<string>();
  #deepest: { open: number; state: State; waiting: Entry<Input, Output>[] };

  constructor(
    operations: readonly Operation<Input, Output>[],
    model: Model<State, Input, Output>,
    deadline: number,
  ) {
    this.#model = model;
    this.#deadline = deadline;
    const applied = operations.filter(({ input, outcome }) =>
      outcome === "ok" ||
      outcome === "maybe" && !model.isUnseen?.(input, operations)
    );
    this.#head = linkedEntries(applied);
    this.#open = applied.filter(({ outcome }) => outcome === "ok").length;
    this.#deepest = { open: Infinity, state: model.initial, waiting: [] };
  }

  run(): Finding["verdict"] {
    try {
      return this.#place(this.#model.initial) ? "valid" : "invalid";
    } catch (error) {
      if (error === OUT_OF_TIME) return "unknown";
      throw error;
    }
  }

  /** Gives a moment to one operation that may come next, then to the others. */
  #place(state: State): boolean {
    if (this.#open === 0) return true; // What is left may never have happened.
    this.#noteDepth(state);
    for (let entry = this.#head.next; entry?.isStart; entry = entry.next) {
      if (this.#placeNext(entry, state)) return true;
    }
    // At the first end of an operation without a moment: it should have come before this.
    return false;
  }

  #placeNext(entry: Entry<Input, Output>, state: State): boolean {
    const { input, output, outcome } = entry.operation;
    const bit = 1n << BigInt(entry.index);
    for (const next of this.#model.step(state, input, output)) {
      if (this.#isSeen(this.#placed | bit, next)) continue;
      this.#placed |= bit;
      if (outcome === "ok") this.#open--;
      unlink(entry);
      if (this.#place(next)) return true;
      relink(entry);
      if (outcome === "ok") this.#open++;
      this.#placed &= ~bit;
    }
    return false;
  }

  /** Lowe's memory: the same operations placed and the same state reached lead to the same end. */
  #isSeen(placed: bigint, state: State): boolean {
    if (performance.now() > this.#deadline) throw OUT_OF_TIME;
    const text = this.#model.textOf?.(state) ?? JSON.stringify(state);
    const point = `${placed.toString(36)} ${text}`;
    if (this.#seen.has(point)) return true;
    this.#seen.add(point);
    return false;
  }

  #noteDepth(state: State): void {
    if (this.#open >= this.#deepest.open) return;
    const waiting: Entry<Input, Output>[] = [];
    let entry = this.#head.next;
    for (; entry?.isStart; entry = entry.next) waiting.push(entry);
    this.#deepest = { open: this.#open, state, waiting };
  }

  /** Where the longest valid order ends: the state there, and what fits no longer. */
  explain(key: string): string {
    const { state, waiting } = this.#deepest;
    const name = key === "" ? "The history" : `Key ${JSON.stringify(key)}`;
    const stuck = waiting.filter(({ operation }) => operation.outcome === "ok")
      .map(({ operation }) => textOf(operation));
    return `${name} has no valid order: with the value ${
      JSON.stringify(state)
    }, nothing allows ${stuck.join(" or ")}`;
  }
}

const OUT_OF_TIME = Symbol("out of time");

/** Head of the list of all starts and ends. */
function linkedEntries<Input, Output>(
  operations: readonly Operation<Input, Output>[],
): Link<Input, Output> {
  const head: Link<Input, Output> = { next: undefined };
  const entries = operations.flatMap((operation, index) => {
    const place = { operation, index, previous: head, next: undefined };
    const { startedAtMs, endedAtMs, outcome } = operation;
    const end: Entry<Input, Output> = {
      ...place,
      isStart: false,
      atMs: endedAtMs,
    };
    const start = { ...place, isStart: true, atMs: startedAtMs };
    return outcome === "ok" ? [{ ...start, end }, end] : [start];
  });
  // At equal times starts come first: then the two overlap, which is the milder reading.
  entries.sort((a, b) => a.atMs - b.atMs || +b.isStart - +a.isStart);
  let last: Link<Input, Output> = head;
  for (const entry of entries) {
    entry.previous = last;
    last.next = entry;
    last = entry;
  }
  return head;
}

function unlink<Input, Output>(start: Entry<Input, Output>): void {
  for (const entry of [start, start.end]) {
    if (entry === undefined) continue;
    entry.previous.next = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
  }
}

/** Undoes `unlink`, in the reverse order, so that neighbours still know their place. */
function relink<Input, Output>(start: Entry<Input, Output>): void {
  for (const entry of [start.end, start]) {
    if (entry === undefined) continue;
    entry.previous.next = entry;
    if (entry.next !== undefined) entry.next.previous = entry;
  }
}

function textOf<Input, Output>(operation: Operation<Input, Output>): string {
  const { client, input, output, startedAtMs, endedAtMs } = operation;
  const answer = output === undefined ? "" : ` → ${JSON.stringify(output)}`;
  return `${client}: ${JSON.stringify(input)}${answer} ` +
    `(${startedAtMs.toFixed(1)}–${endedAtMs.toFixed(1)} ms)`;
}
