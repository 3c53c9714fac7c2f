/** What the calculator should say, and the scenarios that it is asked about. */
import { expect, type Random } from "@lab";

export interface Scenario {
  readonly dau: number;
  readonly actionsPerUser: number;
  readonly readsPerWrite: number;
  readonly peak: number;
  readonly bytes: number;
  readonly retentionDays: number;
  readonly hotFraction: number;
}

export const REQUESTS_PER_SERVER = 500;

/** A service of some ten thousand to a million users. */
export function randomScenario(random: Random): Scenario {
  const scenario = {
    dau: random.integer(10_000, 1_000_000),
    actionsPerUser: random.integer(10, 100) / 10,
    readsPerWrite: random.pick([1, 3, 10, 100]),
    peak: random.pick([2, 3, 5, 10]),
    bytes: random.integer(100, 10_000),
    retentionDays: random.pick([30, 90, 365, 1825]),
    hotFraction: random.pick([0.02, 0.1, 0.2]),
  };
  // Where the number of servers is about to step, two right ways to multiply may disagree.
  const share = peakPerSec(scenario) / REQUESTS_PER_SERVER % 1;
  return share > 0.02 && share < 0.98 ? scenario : randomScenario(random);
}

export function expectedOf(scenario: Scenario): Record<string, number> {
  const writes = scenario.dau * scenario.actionsPerUser;
  const writesPerSec = writes / 86_400;
  const readsPerSec = writesPerSec * scenario.readsPerWrite;
  const storageBytes = writes * scenario.bytes * scenario.retentionDays;
  return {
    writesPerSec,
    readsPerSec,
    peakReadsPerSec: readsPerSec * scenario.peak,
    storageBytes,
    cacheBytes: storageBytes * scenario.hotFraction,
    servers: Math.max(
      1,
      Math.ceil(peakPerSec(scenario) / REQUESTS_PER_SERVER),
    ),
  };
}

function peakPerSec({ dau, actionsPerUser, readsPerWrite, peak }: Scenario) {
  return dau * actionsPerUser / 86_400 * (1 + readsPerWrite) * peak;
}

/** Within 1 %. */
export function expectNear(actual: unknown, expected: number, what: string) {
  const value = typeof actual === "number" ? actual : NaN;
  expect(
    Math.abs(value - expected) <= Math.abs(expected) / 100
      ? expected
      : actual ?? "nothing",
    `${what} is right within 1 %`,
  ).toBe(expected);
}
