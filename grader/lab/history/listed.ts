/** Values named before "and 7 more". */
const VALUES_NAMED_MAX = 5;

/** A few of the values, as JSON, and how many more there are. */
export function listed(values: readonly unknown[]): string {
  const named = values.slice(0, VALUES_NAMED_MAX).map((value) =>
    JSON.stringify(value)
  ).join(", ");
  const more = values.length - VALUES_NAMED_MAX;
  return more > 0 ? `${named} and ${more} more` : named;
}
