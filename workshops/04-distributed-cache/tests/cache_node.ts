/** Words that the stages with a cache node of your own use. */
import type { Lab } from "@lab";

/** A node that keeps its items in somebody else's Redis is none. */
export const WITHOUT_REDIS = { without: ["redis"] } as const;

/** A key that nobody has used yet. */
export function freshKey(lab: Lab): string {
  return `key:${lab.random.word(10)}`;
}
