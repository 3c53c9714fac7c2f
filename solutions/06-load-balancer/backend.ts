/** One backend, as this instance sees it. */
import type { Upstream } from "@contract/system.ts";
import type { Breaker } from "./breaker.ts";
import { KeptConnections } from "./kept_connections.ts";

/** Share of its weight that a backend gets at the very start of its slow start. */
const SHARE_MIN = 0.1;

export class Backend {
  /** Requests that were sent to it and whose answers have not gone through to their end. */
  inFlight = 0;
  weight = 1;
  isUp = true;
  /** Health checks in a row. */
  passed = 0;
  failed = 0;
  /** For requests; health checks call anew, as whoever comes next has to. */
  readonly http: KeptConnections;
  #upSinceMs: number | undefined;

  constructor(
    readonly id: string,
    readonly upstream: Upstream,
    readonly breaker: Breaker,
  ) {
    this.http = new KeptConnections(upstream);
  }

  /** Counts a request in; what it returns counts it out, once, however often it is called. */
  begin(): () => void {
    this.inFlight += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.inFlight -= 1;
    };
  }

  goDown(): void {
    this.isUp = false;
  }

  comeUp(nowMs: number): void {
    this.isUp = true;
    this.#upSinceMs = nowMs;
  }

  /** The weight, or less of it while it warms up: empty caches and cold code make the first minute the worst one. */
  weightAt(nowMs: number, slowStartMs: number): number {
    if (this.#upSinceMs === undefined) return this.weight;
    const elapsedMs = nowMs - this.#upSinceMs;
    if (elapsedMs >= slowStartMs) return this.weight;
    return this.weight * Math.max(SHARE_MIN, elapsedMs / slowStartMs);
  }
}
