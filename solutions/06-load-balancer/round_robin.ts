/** Smooth weighted round robin, as Nginx does it: shares are exact, and the heavy backend's turns are spread out. */
import type { Backend } from "./backend.ts";

export function roundRobin(weightOf: (backend: Backend) => number) {
  /** What each backend has been owed so far, less what it got. */
  const owed = new Map<string, number>();

  return function takeTurns(ready: readonly Backend[]): Backend {
    let total = 0;
    let chosen = ready[0]!;
    for (const backend of ready) {
      const weight = weightOf(backend);
      total += weight;
      owed.set(backend.id, owedTo(backend) + weight);
      if (owedTo(backend) > owedTo(chosen)) chosen = backend;
    }
    owed.set(chosen.id, owedTo(chosen) - total);
    return chosen;
  };

  function owedTo({ id }: Backend): number {
    return owed.get(id) ?? 0;
  }
}
