import {
  type AsymmetricMatchers,
  expect as jestExpect,
  type Matchers,
} from "@std/expect";
import { HttpAnswer, stageToBuild } from "../clients/answer.ts";
import { CheckFailure } from "./check_failure.ts";
import { printValue } from "./print_value.ts";
import type { Answer } from "../clients/types.ts";

/** The matchers of `@std/expect`, and one for answers. */
export interface LabMatchers<T> extends Matchers<void, T> {
  /** The answer has this status, or one of these. A stub's 501 says instead which part to build next. */
  toHaveStatus(...statuses: readonly number[]): void;
}

export type LabExpectation<T> = LabMatchers<T> & {
  readonly not: LabMatchers<T>;
};

/** `expect` of a check: see {@link expect}. */
export interface LabExpect extends AsymmetricMatchers {
  <T>(actual: T, rule?: string): LabExpectation<T>;
  readonly not: Omit<AsymmetricMatchers, "any" | "anything">;
}

/**
 * Asserts with the matchers of `@std/expect`. `rule` is the promise in one sentence; a failing matcher throws a
 * {@link CheckFailure} that carries it with what was expected and received. Without `rule` it is the check's title.
 *
 * @example
 * ```ts
 * expect(answers.withStatus(200), "Of 20 requests in one window exactly 10 may pass").toHaveLength(10);
 * expect(await lab.get("/api/x"), "The key is over its limit").toHaveStatus(429);
 * ```
 */
export const expect: LabExpect = Object.assign(
  <T>(actual: T, rule?: string): LabExpectation<T> => {
    const matchers = matchersFor(actual, { rule, isNot: false });
    const not = matchersFor(actual, { rule, isNot: true });
    return Object.assign(matchers, { not });
  },
  {
    any: jestExpect.any,
    anything: jestExpect.anything,
    arrayContaining: jestExpect.arrayContaining,
    arrayOf: jestExpect.arrayOf,
    closeTo: jestExpect.closeTo,
    objectContaining: jestExpect.objectContaining,
    stringContaining: jestExpect.stringContaining,
    stringMatching: jestExpect.stringMatching,
    not: jestExpect.not,
  },
);

/** `expect.any(String)` prints as "Any<String>". */
const asymmetric = Object.getPrototypeOf(
  Object.getPrototypeOf(jestExpect.anything()),
);
asymmetric[Symbol.for("Deno.customInspect")] = function (
  this: { toAsymmetricMatcher?(): string; toString(): string },
): string {
  return this.toAsymmetricMatcher?.() ?? this.toString();
};

interface Expectation {
  readonly rule: string | undefined;
  readonly isNot: boolean;
}

type Matcher = (...args: unknown[]) => void;

function matchersFor<T>(actual: T, expectation: Expectation): LabMatchers<T> {
  const { isNot } = expectation;
  const original = isNot ? jestExpect(actual).not : jestExpect(actual);
  const wrapped: Record<string, Matcher> = {
    toHaveStatus: (...statuses) => checkStatus(actual, statuses, expectation),
  };
  for (const [name, matcher] of Object.entries(original)) {
    if (typeof matcher !== "function") continue;
    wrapped[name] = (...args) => {
      try {
        (matcher as Matcher)(...args);
      } catch (cause) {
        throw failureOf(cause, { name, args, actual, ...expectation });
      }
    };
  }
  return wrapped as unknown as LabMatchers<T>;
}

function checkStatus(
  actual: unknown,
  statuses: readonly unknown[],
  { rule, isNot }: Expectation,
): void {
  if (!(actual instanceof HttpAnswer)) {
    throw new TypeError(
      `toHaveStatus needs an answer of the lab, not ${printValue(actual)}`,
    );
  }
  if (statuses.includes(actual.status) !== isNot) return;
  throw new CheckFailure({
    rule,
    expected: `${isNot ? "not " : ""}${statuses.join(" or ")}`,
    received: printValue(actual),
    hint: hintOf(actual),
  });
}

function hintOf(answer: Answer): string | undefined {
  const toBuild = stageToBuild(answer);
  return toBuild && `Not built yet: ${toBuild}`;
}

interface FailedMatcher extends Expectation {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly actual: unknown;
}

/** A matcher that cannot look at what it was given throws as well: what came was not even of the right kind. */
function failureOf(cause: unknown, failed: FailedMatcher): CheckFailure {
  const { name, args, actual, rule, isNot } = failed;
  return new CheckFailure({
    rule,
    expected: `${isNot ? "not " : ""}${expectedBy(name, args)}`,
    received: receivedBy(name, actual),
    hint: actual instanceof HttpAnswer ? hintOf(actual) : undefined,
  }, { cause });
}

function expectedBy(name: string, args: readonly unknown[]): string {
  const values = args.map(printValue).join(", ");
  const phrase = PHRASES[name];
  if (phrase !== undefined) return `${phrase}${values}`;
  // "toBeNull" → "to be null"
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return values === "" ? words : `${words} ${values}`;
}

/** What goes before the expected value; a matcher that is not here is spelt out. */
const PHRASES: Readonly<Record<string, string>> = {
  toBe: "",
  toEqual: "",
  toStrictEqual: "",
  toBeCloseTo: "close to ",
  toBeGreaterThan: "> ",
  toBeGreaterThanOrEqual: "≥ ",
  toBeLessThan: "< ",
  toBeLessThanOrEqual: "≤ ",
  toContain: "something that contains ",
  toContainEqual: "something that contains ",
  toHaveLength: "length ",
  toMatch: "a match of ",
  toMatchObject: "at least ",
};

function receivedBy(name: string, actual: unknown): string {
  const printed = printValue(actual);
  if (name !== "toHaveLength") return printed;
  const length = (actual as ArrayLike<unknown> | undefined | null)?.length;
  if (length === undefined) return printed;
  return length === 0 ? "length 0" : `length ${length}: ${printed}`;
}
