/** What is wrong between the manifest and the file; a check that is not run must never look like a pass. */
export function planProblem(
  expected: readonly string[],
  planned: readonly string[],
): string | undefined {
  if (planned.length === 0) return "the stage file registers no checks";
  const missing = expected.filter((id) => !planned.includes(id));
  if (missing.length > 0) {
    return `workshop.json lists ${
      missing.join(", ")
    }, which the stage file does not register`;
  }
  const extra = planned.filter((id, index) =>
    !expected.includes(id) || planned.indexOf(id) !== index
  );
  return extra.length > 0
    ? `the stage file registers ${
      extra.join(", ")
    }, which workshop.json does not list once`
    : undefined;
}
