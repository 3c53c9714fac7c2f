/** One backend, as this instance sees it. */
import type { Upstream } from "@contract/system.ts";
import type { Breaker } from "./breaker.ts";
import { KeptConnections } from "./kept_connections.ts";

export class Backend {
  /** Requests that were sent to it and whose answers have not gone through to their end. */
  inFlight = 0;
  weight = 1;
  isUp = true;
  /** Health checks in a row. */
  passed = 0;
  failed = 0;
  readonly http: KeptConnections;

  constructor(
    readonly id: string,
    readonly upstream: Upstream,
    readonly breaker: Breaker,
  ) {
    this.http = new KeptConnections(upstream);
  }

  /** Counts a request in; what it returns counts it out, once, however often it is called. */
  begin(): () => void {
    // TODO 06.2: count.
    return () => {};
  }

  /** The weight, or less of it while it warms up. */
  weightAt(_nowMs: number, _slowStartMs: number): number {
    // TODO 06.3: less of it for slowStartMs after it came up again.
    return this.weight;
  }
}
