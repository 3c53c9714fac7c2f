/**
 * The words in which a stage's checks are written. `@lab` exports all of them.
 *
 * @module
 */
import type {
  Answer,
  Answers,
  OpenRequest,
  Requester,
} from "./clients/types.ts";
import type { CheckKind } from "@contract/manifest.ts";
import type { Config } from "@contract/system.ts";
import type {
  CrashSweep,
  Fault,
  FaultTarget,
  Gate,
  SweepResult,
} from "./faults/types.ts";
import type { FakeUpstream } from "./wire/upstream_types.ts";
import type {
  GrowthPlan,
  RatioPlan,
  RatioResult,
  WireCounts,
} from "./measures/types.ts";
import type { RedisClientType } from "redis";
import type { RespClient } from "./clients/resp_types.ts";
import type { Sql } from "postgres";
import type { TraceRow } from "@contract/trace.ts";

/** What one check needs and teaches. */
export interface CheckOptions {
  /** Reads as a promise: "admits exactly the limit, however the instances race". */
  readonly title: string;
  readonly kind: CheckKind;
  /** Said once when the check fails; a rule's own hint goes before it. */
  readonly hint: string;
  /** Instances to start, 1 to 3. Default 1. They load at the same moment and set up shared databases in turn. */
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
  /**
   * Runs `operation` with all instances in step: replies of the stores come together, once nothing moves without
   * them (for 2 s at most). Requests of one kind make each of their steps at the same time, so a check-then-act has
   * read stale state wherever it is on the way, also behind a write of its own.
   */
  inStep<T>(operation: () => Promise<T>): Promise<T>;
  /** Holds the next command of one instance that matches, to a store, shard, peer or upstream; see {@link Gate}. */
  holdNext(
    instance: Instance,
    target: Store | Omit<FaultTarget, "instance">,
    match: RegExp,
  ): Gate;
  /** The same for the reply: what was read is out of date by the time that the instance has it. */
  holdNextReply(
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
  /** Real time since the check began, ms: the times of the evidence. */
  readonly nowMs: () => number;
  /** Rows so far. */
  readonly trace: readonly TraceRow[];
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
  /**
   * SIGSTOP: the garbage collection pause that never seems to end. Undone by `resume`. Resolves once the stores have
   * done what they were asked before: a look that is still on its way would take what comes due later.
   */
  freeze(): Promise<void>;
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

export interface LabClock {
  /** The run's virtual time, ms since 1970. Starts at the real time, rounded down to a full minute. */
  now(): number;
  /** Moves Redis, Postgres, upstreams and instances forward, in this order. */
  advance(stepMs: number): Promise<void>;
  /** Sets one instance's own clock off by `offsetMs` until undone with 0. */
  skew(instance: Instance, offsetMs: number): void;
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
