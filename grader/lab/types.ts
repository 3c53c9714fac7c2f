/**
 * The words in which a stage's checks are written. `@lab` exports all of them.
 *
 * @module
 */
import type { Sql } from "postgres";
import type { RedisClientType } from "redis";
import type { CheckKind } from "@contract/manifest.ts";
import type { Config } from "@contract/system.ts";
import type { TraceRow } from "@contract/trace.ts";
import type { RespClient } from "./resp_types.ts";

/** What one check needs and teaches. */
export interface CheckOptions {
  /** Reads as a promise: "admits exactly the limit, however the instances race". */
  readonly title: string;
  readonly kind: CheckKind;
  /** Said once when the check fails; a rule's own hint goes before it. */
  readonly hint: string;
  /** Instances to start, 1 to 3. Default 1. They start at the same moment. */
  readonly instances?: number;
  /** Overrides single values of the manifest's `config`. */
  readonly config?: Config;
  /** Databases behind `context.shards`: "s0", "s1", …. Default 0. */
  readonly shards?: number;
  /**
   * What is behind `context.sql`: one database for all instances, or one for each, which outlives a kill of its
   * instance and which no other reaches. Redis and shards are shared either way. Default "shared".
   */
  readonly databases?: "shared" | "private";
  /** Stores that this check does without; reaching for one of them fails with a clear message. */
  readonly without?: readonly Store[];
  /** Real time after which the check ends as `timeout`. Default 10,000 ms. */
  readonly timeoutMs?: number;
}

export type Store = "postgres" | "redis";

/** Everything that a check may do to the system under test. Closed by the check itself. */
export interface Lab {
  /** Inputs are drawn from here, so that a seed replays them. */
  readonly random: Random;
  readonly instances: readonly Instance[];
  /** Instance `index` modulo the number of instances: `lab.on(i % 2)` or just `lab.on(i)`. */
  on(index: number): Instance;

  /** Requests to the first instance; the same methods exist on every `Instance`. */
  readonly get: Requester["get"];
  readonly post: Requester["post"];
  readonly put: Requester["put"];
  readonly delete: Requester["delete"];
  readonly request: Requester["request"];
  /** Starts `count` operations in the same tick and waits for all of them. */
  burst(
    count: number,
    operation: (index: number) => Promise<Answer>,
  ): Promise<Answers>;

  /** Straight to the run's stores: not counted, not traced, not disturbed by faults. */
  readonly sql: Sql;
  /** With private databases, that of each instance, by name; `sql` is none of them. */
  readonly databases: Readonly<Record<string, Sql>>;
  readonly redis: RedisClientType;
  readonly shards: Readonly<Record<string, Sql>>;

  readonly clock: LabClock;
  /** The scripted service behind `context.upstreams[name]`. */
  upstream(name: string): FakeUpstream;

  /**
   * Holds every write in `store` while reads pass, runs `operation`, and lets go once the number of
   * waiting writers has settled (300 ms at the latest). Every check-then-act has then read stale state by
   * construction. Inconclusive when no writer was ever held.
   */
  holdWrites<T>(store: Store | "both", operation: () => Promise<T>): Promise<T>;
  /** Holds the next command of one instance that matches, to a store, shard, peer or upstream; see {@link Gate}. */
  holdNext(
    instance: Instance,
    target: Store | Omit<FaultTarget, "instance">,
    match: RegExp,
  ): Gate;
  /**
   * Kills the instance just before and just after each of its store messages and upstream calls in turn,
   * restarts it, and calls `verify`. Inconclusive when no point was reached.
   */
  crashSweep(plan: CrashSweep): Promise<SweepResult>;

  /** Faults on the way from one instance (or all of them) to a store, peer or upstream. Healed on dispose. */
  latency(target: FaultTarget, delayMs: number): Fault;
  /** Resets existing connections and refuses new ones. */
  cut(target: FaultTarget): Fault;
  /** Accepts and never answers. */
  blackhole(target: FaultTarget): Fault;
  /** Delivers byte by byte. */
  slice(target: FaultTarget): Fault;
  /**
   * Parts the instances: nobody reaches a peer of another group, in either direction. Their stores, upstreams and
   * the check's own requests are not touched. Healed on dispose.
   *
   * @param groups Each instance in exactly one of them.
   * @param how "cut" (default): peers refuse at once. "blackhole": they are silent.
   */
  partition(
    groups: readonly (readonly Instance[])[],
    how?: "cut" | "blackhole",
  ): Fault;
  /** Stops the store's own process (SIGSTOP) until disposed. */
  pause(store: "redis"): Promise<Fault>;
  /** Ends and restarts the store's process; Redis comes back empty. */
  restart(store: "redis"): Promise<void>;
  /**
   * Starts all instances anew, at the same moment and on a database without tables, and fails the check unless all
   * come up. Inconclusive when they never meet.
   */
  setUpTogether(): Promise<void>;
  /** Terminates every backend of the run's database, or of each private one. */
  dropConnections(store: "postgres"): Promise<void>;

  /** What crossed the wire, on all instances together, while `operation` ran. */
  count<T>(
    operation: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly wire: WireCounts }>;
  /** Throughput against the workshop's reference under injected latency; see {@link RatioPlan}. */
  ratio(plan: RatioPlan): Promise<RatioResult>;
  /** Cost of one operation on 10 times the data, as a ratio of medians. */
  growth(plan: GrowthPlan): Promise<number>;

  /** Polls every 10 ms until `attempt` stops throwing; then gives its result. Fails after `withinMs` (5,000). */
  eventually<T>(
    attempt: () => T | Promise<T>,
    options?: { readonly withinMs?: number },
  ): Promise<T>;
  /** Ends this attempt as inconclusive: the fault did not fire, the machine was too slow. */
  inconclusive(reason: string): never;
  /** Starts the evidence anew here: earlier rows are not part of the failing interleaving. */
  mark(): void;
  /** Adds a line of the check's own to the evidence. */
  note(text: string): void;
  /** Rows so far. */
  readonly trace: readonly TraceRow[];
}

/** Sends HTTP requests. Never rejects for what the system does: see {@link Answer.outcome}. */
export interface Requester {
  get(path: string, options?: RequestOptions): Promise<Answer>;
  /**
   * `body` is sent as JSON. Bytes go as they are; so does a string when `options.headers` name a content type.
   */
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  put(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  delete(path: string, options?: RequestOptions): Promise<Answer>;
  request(
    method: string,
    path: string,
    options?: RequestOptions & { readonly body?: unknown },
  ): Promise<Answer>;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Real time until the outcome is `maybe`. Default 5,000. */
  readonly timeoutMs?: number;
}

/** One instance of the system under test. */
export interface Instance extends Requester {
  /** "A", "B", "C" */
  readonly name: string;
  readonly isRunning: boolean;
  /** SIGKILL. Resolves once the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL after 2 s. */
  stop(): Promise<void>;
  /** Starts it again, with its old configuration; resolves once it answers. */
  restart(): Promise<void>;
  /** SIGSTOP: the garbage collection pause that never seems to end. Undone by `resume`. */
  freeze(): void;
  resume(): void;
  /**
   * Begins a request whose body is sent piece by piece and whose answer is seen as it comes. With `hasBody: false`
   * the request is complete with its head. Closed when the check ends.
   */
  open(
    method: string,
    path: string,
    options?: {
      readonly headers?: Readonly<Record<string, string>>;
      /** Default true. */
      readonly hasBody?: boolean;
    },
  ): Promise<OpenRequest>;
  /** A raw byte stream to `System.tcp`. */
  connect(): Promise<Deno.Conn>;
  /** The same, spoken to in the protocol of Redis. Closed by the check itself. */
  resp(): Promise<RespClient>;
  /** Opens a WebSocket, to `System.fetch` or, for a proxy of layer 4, through `System.tcp`. */
  webSocket(
    path: string,
    options?: {
      readonly protocols?: readonly string[];
      /** Default "fetch". */
      readonly through?: "fetch" | "tcp";
    },
  ): Promise<WebSocket>;
  /** Resident memory, bytes. */
  memoryBytes(): Promise<number>;
}

/** One request under way, on a connection of its own. */
export interface OpenRequest extends Disposable {
  /** Sends the next piece of the body. Rejects when the connection is gone. */
  write(text: string): Promise<void>;
  /** The body is complete. */
  end(): Promise<void>;
  /** The answer as far as it has come, head and all. */
  readonly received: string;
  /** Of the answer; 0 until it is here. */
  readonly status: number;
  /** Resolves when no more of the answer will come. */
  readonly ended: Promise<void>;
  /** Hangs up. */
  close(): void;
}

/** What came back, or that nothing did. */
export interface Answer {
  /** HTTP status; 0 when no response came. */
  readonly status: number;
  readonly headers: Headers;
  /** Body as it came. */
  readonly bytes: Uint8Array;
  /** Body as text. */
  readonly text: string;
  /** Body parsed as JSON; undefined when it is not JSON. */
  // deno-lint-ignore no-explicit-any -- checks assert on its shape
  readonly json: any;
  readonly instance: string;
  /**
   * `ok`: applied (below 400). `fail`: definitely not applied (4xx, 501, 503 with Retry-After, nobody listens).
   * `maybe`: unknown (other 5xx, reset, time-out).
   */
  readonly outcome: "ok" | "fail" | "maybe";
  /** Why no response came: "none within 5,000 ms", "the connection broke", "nobody listens". */
  readonly reason?: string;
  /** "GET /api/x" */
  readonly call: string;
}

/** Answers of a burst. */
export interface Answers extends Array<Answer> {
  withStatus(status: number): Answer[];
  /** Statuses and how often each came: `{200: 10, 429: 10}`. */
  readonly statuses: Readonly<Record<number, number>>;
}

export interface LabClock {
  /** The run's virtual time, ms since 1970. Starts at the real time, rounded down to a full minute. */
  now(): number;
  /** Moves Redis, Postgres, upstreams and instances forward, in this order. */
  advance(stepMs: number): Promise<void>;
  /** Sets one instance's own clock off by `offsetMs` until undone with 0. */
  skew(instance: Instance, offsetMs: number): void;
}

/** A scripted fake, for what is really outside the system. */
export interface FakeUpstream {
  /**
   * Reactions for the next calls, in order; afterwards `otherwise` (default `{ status: 200 }`), which may depend on
   * the call: a provider that knows its idempotency keys, a backend that echoes.
   */
  script(
    reactions: readonly Reaction[],
    otherwise?: Reaction | ((call: UpstreamCall) => Reaction),
  ): void;
  /** Calls received so far. */
  readonly calls: readonly UpstreamCall[];
  /** Every call from its head on, with what of its body has come: also those that are still being sent. */
  readonly arrivals: readonly UpstreamArrival[];
  /** From now on connections are byte streams (layer 4): `handler` owns each until it resolves. */
  acceptTcp(handler: (connection: Deno.Conn) => void | Promise<void>): void;
  /** Calls that wait in a `hold` right now. */
  readonly held: number;
  /** Lets the oldest `count` held calls go (all by default). */
  release(count?: number): void;
}

export type Reaction =
  /** Answers. `body` is sent as JSON unless it is a string. */
  | {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** Answers only after `release`. */
    readonly hold?: boolean;
    /** In place of `body`: the first piece comes with the head, each other one after a `release`. */
    readonly pieces?: readonly string[];
  }
  /** Upgrades to a WebSocket and hands it over, already open. */
  | { readonly webSocket: (socket: WebSocket) => void }
  /** Accepts and records the call, then drops the connection: applied, but the caller cannot know. */
  | { readonly drop: true };

export interface UpstreamCall {
  readonly instance: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A call as far as it has come. */
export interface UpstreamArrival {
  readonly instance: string;
  readonly method: string;
  readonly path: string;
  /** Of the body, as text. */
  readonly received: string;
  readonly state: "coming" | "whole" | "broken";
}

/** Holds one command. `await gate.reached` before relying on it. */
export interface Gate extends Disposable {
  /** Resolves when the command is held; ends the check as inconclusive after 2 s. */
  readonly reached: Promise<void>;
  release(): void;
}

export interface FaultTarget {
  /** Default: every instance. */
  readonly instance?: Instance;
  /** `{ store: "redis" }`, `{ peer: "B" }`, `{ upstream: "bank" }` or `{ shard: "s1" }` */
  readonly store?: Store;
  readonly shard?: string;
  readonly peer?: string;
  readonly upstream?: string;
}

export interface Fault extends Disposable {
  /** Connections or messages that the fault has touched: the proof that it fired. */
  readonly hits: number;
  heal(): void;
}

export interface CrashSweep {
  /** Set-up before each point, whose messages are not crash points. The stores are not emptied: use fresh keys. */
  readonly before?: (point: number) => Promise<void>;
  /**
   * The operation whose store messages are the crash points. Requests under way when the instance is killed end as
   * `maybe`, and may be noted; its next call of the lab throws, which ends it.
   */
  readonly operation: (point: number) => Promise<unknown>;
  /** After the restart: retries, then asserts the invariant. */
  readonly verify: (point: CrashPoint) => Promise<void>;
  /** The instance to kill. Default the first. */
  readonly instance?: Instance;
  /** Upper bound. Default 20. */
  readonly pointsMax?: number;
}

export interface CrashPoint {
  readonly index: number;
  readonly side: "before" | "after";
  /** The message: "INCR limit:alice", "UPDATE seats SET …". */
  readonly message: string;
}

export interface SweepResult {
  readonly points: readonly CrashPoint[];
}

export interface WireCounts {
  readonly redis: {
    readonly commands: number;
    readonly roundTrips: number;
    readonly byName: Readonly<Record<string, number>>;
  };
  readonly postgres: {
    readonly messages: number;
    readonly statements: readonly string[];
  };
  readonly upstreams: Readonly<Record<string, number>>;
  readonly connections: { readonly redis: number; readonly postgres: number };
}

/**
 * Interleaves rounds of the reference, a second copy of the reference (the A/A control) and the submission,
 * with `latencyMs` on every store round trip, so that round trips and not the machine decide.
 */
export interface RatioPlan {
  /** Prepares one system's data; called once for each of the three. */
  readonly prepare: (system: Requester) => Promise<void>;
  readonly operation: (system: Requester, index: number) => Promise<Answer>;
  /** Operations under way at once. Default 8. */
  readonly concurrency?: number;
  /** Operations of one round. Default 40. */
  readonly operations?: number;
  /** Default 3. */
  readonly rounds?: number;
  /** Default 10. */
  readonly latencyMs?: number;
}

export interface RatioResult {
  /** Submission ÷ reference, median of the rounds: 1 is as fast. Gate at 0.55. */
  readonly ratio: number;
  /** Reference ÷ reference: outside 0.85–1.15 the check is inconclusive. */
  readonly control: number;
}

export interface GrowthPlan {
  /** Grows the data to `size`. */
  readonly prepare: (size: number) => Promise<void>;
  readonly operation: (index: number) => Promise<unknown>;
  /** The data becomes 10 times as large. */
  readonly size: number;
  /** Operations measured at each size. Default 30. */
  readonly operations?: number;
}

/** Seeded; the same seed gives the same values in the same order. */
export interface Random {
  /** Whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** From 0 up to but not including 1. */
  fraction(): number;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  /** Letters and digits. */
  word(length?: number): string;
}
