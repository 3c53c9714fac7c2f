/** The middle one of the sorted values; the mean of both middle ones. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("No values, no median");
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
