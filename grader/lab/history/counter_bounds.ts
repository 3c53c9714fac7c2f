import type { CounterInput } from "./models.ts";
import type { Operation } from "./types.ts";

/**
 * What a counter may show once everything is quiet: at least what was acknowledged, at most that and what
 * nobody knows about. Amounts are positive.
 *
 * ```ts
 * const { low, high } = counterBounds(history.operations);
 * expect(answer.json.clicks).toBeGreaterThanOrEqual(low);
 * ```
 */
export function counterBounds(
  history: readonly Operation<CounterInput>[],
): { readonly low: number; readonly high: number } {
  let low = 0;
  let high = 0;
  for (const { input, outcome } of history) {
    if (input.kind !== "add" || outcome === "fail") continue;
    high += input.amount;
    if (outcome === "ok") low += input.amount;
  }
  return { low, high };
}
