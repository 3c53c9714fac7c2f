/** How many tests ran and how they ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts the tests of a JUnit report by `deno test`. A `describe` is written as a test case beside the steps that
 * it consists of, so that only names without steps of their own count.
 */
export function countTests(junit: string): TestCounts {
  const cases = [...junit.matchAll(TEST_CASE)].map(({ groups }) => ({
    name: groups!.name!,
    isFailed: /<(?:failure|error)\b/.test(groups!.body!),
  }));
  const parents = new Set(cases.flatMap(({ name }) => parentsOf(name)));
  const tests = cases.filter(({ name }) => !parents.has(name));
  const failed = tests.filter(({ isFailed }) => isFailed).length;
  return { passed: tests.length - failed, failed };
}

const TEST_CASE =
  /<testcase name="(?<name>[^"]*)"[^>]*>(?<body>[\s\S]*?)<\/testcase>/g;

/** "a > b > c" lies in "a > b" and in "a". */
function parentsOf(name: string): string[] {
  const parts = name.split(" &gt; ");
  return parts.slice(1).map((_, index) =>
    parts.slice(0, index + 1).join(" &gt; ")
  );
}
