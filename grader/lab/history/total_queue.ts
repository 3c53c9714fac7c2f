import { listed } from "./listed.ts";
import type { Finding, Operation } from "./types.ts";

/** What can be asked of a queue. The output of a `dequeue` is the element, or null when it was empty. */
export type QueueInput<Element> =
  | { readonly kind: "enqueue"; readonly element: Element }
  | { readonly kind: "dequeue" };

/** What {@link totalQueue} found. */
export interface QueueFinding<Element> extends Finding {
  /** Acknowledged and never delivered. */
  readonly lost: readonly Element[];
  /** Delivered although nobody sent them. */
  readonly unexpected: readonly Element[];
  /** Delivered more often than sent. */
  readonly duplicated: readonly Element[];
  /** Delivered although their sender was never told: allowed, and worth a look. */
  readonly recovered: readonly Element[];
}

/**
 * Whether what goes in comes out: "total" queue, since order is not looked at. The queue must have been drained:
 * every consumer went on until it found it empty.
 *
 * @param delivery Whether an element may come more than once. Default `at_least_once`.
 * @returns `unknown` when as many elements are lost as dequeues ended as `maybe`: their answers may have held them.
 * @see Kingsbury, Jepsen's `checker/total-queue`
 */
export function totalQueue<Element>(
  history: readonly Operation<QueueInput<Element>, Element | null>[],
  { delivery = "at_least_once" }: {
    readonly delivery?: "at_least_once" | "exactly_once";
  } = {},
): QueueFinding<Element> {
  const sent = new Tally<Element>();
  const acknowledged = new Tally<Element>();
  const delivered = new Tally<Element>();
  let unseenDequeues = 0;
  for (const { input, output, outcome } of history) {
    if (outcome === "fail") continue;
    if (input.kind === "enqueue") {
      sent.add(input.element);
      if (outcome === "ok") acknowledged.add(input.element);
    } else if (outcome === "maybe") {
      unseenDequeues++;
    } else if (output !== null && output !== undefined) {
      delivered.add(output);
    }
  }

  const lost = acknowledged.minus(delivered);
  const tooMany = delivered.minus(sent);
  const unexpected = tooMany.filter((element) => sent.count(element) === 0);
  const duplicated = tooMany.filter((element) => sent.count(element) > 0);
  const recovered = delivered.minus(acknowledged)
    .filter((element) => acknowledged.count(element) < sent.count(element));
  const found = { lost, unexpected, duplicated, recovered };

  const problems = [
    lost.length > 0 && `acknowledged and never delivered: ${listed(lost)}`,
    unexpected.length > 0 &&
    `delivered but never sent: ${listed(unexpected)}`,
    delivery === "exactly_once" && duplicated.length > 0 &&
    `delivered more often than sent: ${listed(duplicated)}`,
  ].filter((problem) => problem !== false);
  if (problems.length === 0) return { verdict: "valid", message: "", ...found };
  const isExplained = problems.length === 1 && lost.length > 0 &&
    lost.length <= unseenDequeues;
  return {
    verdict: isExplained ? "unknown" : "invalid",
    message: problems.join("; ") +
      (isExplained ? `, but ${unseenDequeues} answers went astray` : ""),
    ...found,
  };
}

/** How often each value came. */
class Tally<Value> {
  readonly #counts = new Map<Value, number>();

  add(value: Value): void {
    this.#counts.set(value, this.count(value) + 1);
  }

  count(value: Value): number {
    return this.#counts.get(value) ?? 0;
  }

  /** Values that came more often here than there, once each. */
  minus(other: Tally<Value>): Value[] {
    return [...this.#counts].filter(([value, count]) =>
      count > other.count(value)
    ).map(([value]) => value);
  }
}
