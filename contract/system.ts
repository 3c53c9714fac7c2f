/**
 * The system under test: what a learner's `system.ts` exports and what it is given.
 *
 * The two type-only imports name the drivers so that editors complete `context.sql` and
 * `context.redis`; no code is imported.
 *
 * @module
 */
import type { Sql } from "postgres";
import type { RedisClientType } from "redis";

/** Default export of a learner's `system.ts`: makes one instance of the system. */
export type SystemFactory = (context: Context) => System | Promise<System>;

/** One running instance. A Hono app is a `System`. */
export interface System {
  /** Answers one HTTP request. A returned WebSocket upgrade is passed through. */
  fetch(request: Request): Response | Promise<Response>;
  /** Owns one accepted TCP connection until it resolves (workshops 04 and 06). */
  tcp?(connection: Deno.Conn): void | Promise<void>;
  /** On SIGTERM: finish what is in flight. The process ends 2 s later at the latest. */
  stop?(): void | Promise<void>;
}

/** Everything that an instance may use. Nothing else is reachable: no network, files or environment. */
export interface Context {
  /** Name of this instance: "A", "B" or "C". */
  readonly instance: string;
  /** postgres.js client of this run's own database. */
  readonly sql: Sql;
  /** Connected client of this run's own Redis. */
  readonly redis: RedisClientType;
  /** The run's virtual time. `Date` follows it too. */
  readonly clock: Clock;
  /** Knobs of the stage: limits, lifetimes, thresholds. Tests shrink them. */
  readonly config: Config;
  /** The other instances of this run. */
  readonly peers: readonly Peer[];
  /** Services outside the system, by name. */
  readonly upstreams: Readonly<Record<string, Upstream>>;
  /** postgres.js clients of the shard databases, by shard id; empty unless the stage has shards. */
  readonly shards: Readonly<Record<string, Sql>>;
  /** Folder shared by the instances of a run (workshops 11 and 14). */
  readonly dataDir: string;
  /** Aborted when this instance is asked to stop. */
  readonly signal: AbortSignal;
  /** Structured log lines, shown to the learner; graded only where a brief says so. */
  readonly log: Log;
}

/** Virtual time: stands still until a check advances it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves once the virtual time has reached `timeMs`; rejects when `signal` aborts. */
  sleepUntil(timeMs: number, options?: { signal?: AbortSignal }): Promise<void>;
}

/** Values of `workshop.json` or of one check. */
export type Config = Readonly<Record<string, number | string | boolean>>;

/** Another instance, reached through a fault proxy. */
export interface Peer {
  readonly instance: string;
  /** Takes a path ("/internal/sync") and the usual `fetch` options. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** A service outside the system: a bank, an e-mail provider, the API behind a gateway. */
export interface Upstream {
  /** Takes a path ("/charges?x=1") and the usual `fetch` options. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Opens a byte stream (layer 4). */
  connect(): Promise<Deno.Conn>;
}

/** Writes one structured line; shown beside the failing check. An error is written with its place in your code. */
export type Log = (message: string, fields?: Record<string, unknown>) => void;
