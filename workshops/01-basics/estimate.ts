/** 01.1: the back of the envelope, as code. */
import { notImplemented } from "./problem.ts";
import type { Scenario } from "./scenario.ts";

export interface Estimation {
  readonly writesPerSec: number;
  readonly readsPerSec: number;
  readonly peakReadsPerSec: number;
  readonly storageBytes: number;
  readonly cacheBytes: number;
  readonly servers: number;
}

/** The formulas stand in the README, under "The calculator". */
export function estimate(
  _scenario: Scenario,
  _options: { readonly requestsPerServer: number },
): Estimation {
  // TODO 01.1: a handful of multiplications. Remove the _ from the names that you use.
  throw notImplemented("01.1 Estimator", "work it out in estimate.ts");
}
