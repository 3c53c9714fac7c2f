/** A seed for a run: enough to tell runs apart, short enough to type. */
export function newSeed(): string {
  return crypto.randomUUID().slice(0, 8);
}
