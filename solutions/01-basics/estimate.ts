/** 01.1: the back of the envelope, as code. */
import type { Scenario } from "./scenario.ts";

const SECONDS_PER_DAY = 86_400;

export interface Estimation {
  readonly writesPerSec: number;
  readonly readsPerSec: number;
  readonly peakReadsPerSec: number;
  readonly storageBytes: number;
  readonly cacheBytes: number;
  readonly servers: number;
}

/** Plain floating point all the way: it reaches far beyond 2^53 and is wrong by less than any of the inputs. */
export function estimate(
  scenario: Scenario,
  { requestsPerServer }: { readonly requestsPerServer: number },
): Estimation {
  const { dau, actionsPerUser, readsPerWrite, peak } = scenario;
  const writesPerDay = dau * actionsPerUser;
  const writesPerSec = writesPerDay / SECONDS_PER_DAY;
  const readsPerSec = writesPerSec * readsPerWrite;
  const storageBytes = writesPerDay * scenario.bytes * scenario.retentionDays;
  const peakPerSec = (writesPerSec + readsPerSec) * peak;
  return {
    writesPerSec,
    readsPerSec,
    peakReadsPerSec: readsPerSec * peak,
    storageBytes,
    cacheBytes: storageBytes * scenario.hotFraction,
    // Servers are bought for the worst minute of the day, and not in halves.
    servers: Math.max(1, Math.ceil(peakPerSec / requestsPerServer)),
  };
}
