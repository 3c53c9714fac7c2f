import { throwIfScopeEnded } from "./call_scope.ts";
import { Inconclusive } from "./check_failure.ts";

/** Twenty times and more of what any correct system needs. */
const WITHIN_MS = 5_000;
const POLL_MS = 10;

/** Polls until `attempt` stops throwing and gives its result; then throws what the last try threw. */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { withinMs = WITHIN_MS }: { readonly withinMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  while (true) {
    throwIfScopeEnded();
    try {
      return await attempt();
    } catch (error) {
      throwIfScopeEnded();
      if (error instanceof Inconclusive) throw error;
      if (performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
