import type { Sql } from "postgres";
import type { RedisClientType } from "redis";
import type { TraceRow } from "@contract/trace.ts";
import { AnswerList } from "./clients/answer.ts";
import { throwIfScopeEnded } from "./expect/call_scope.ts";
import { Inconclusive } from "./expect/check_failure.ts";
import { countWires } from "./measures/count_wires.ts";
import { crashSweep } from "./faults/crash_sweep.ts";
import { eventually } from "./expect/eventually.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { beginFault, nameOfTarget, proxiesTo } from "./faults/faults.ts";
import { growth } from "./measures/growth.ts";
import { holdWrites } from "./faults/hold_writes.ts";
import { inStep } from "./faults/in_step.ts";
import { labRedis } from "./instances/lab_redis.ts";
import { proxiesAcross } from "./faults/partition.ts";
import { seededRandom } from "./random.ts";
import { compareWithReference } from "./measures/ratio.ts";
import type { RunningInstance } from "./instances/running_instance.ts";
import { setUpTogether } from "./instances/set_up_together.ts";
import { databasesOf, type OpenDatabase } from "./instances/run_stores.ts";
import type { SystemUnderTest } from "./instances/system.ts";
import type {
  Answer,
  Answers,
  Requester,
  RequestOptions,
} from "./clients/types.ts";
import type {
  CrashSweep,
  Fault,
  FaultTarget,
  Gate,
  SweepResult,
} from "./faults/types.ts";
import type {
  GrowthPlan,
  RatioPlan,
  RatioResult,
  WireCounts,
} from "./measures/types.ts";
import type { Instance, Lab, Random, Store } from "./types.ts";
import type { FakeUpstream } from "./wire/upstream_types.ts";
import type { Proxy } from "./wire/types.ts";

export interface RunLabOptions {
  readonly system: SystemUnderTest;
  readonly evidence: Evidence;
  readonly seed: string;
  /** Starts another system with the workshop's reference in it, for `ratio`. */
  readonly startReference: () => Promise<SystemUnderTest>;
}

/** The lab of one try of a check: words for what can be done to one running system. */
export class RunLab implements Lab {
  readonly random: Random;
  readonly #options: RunLabOptions;
  readonly #redis: RedisClientType;

  constructor(options: RunLabOptions) {
    this.#options = options;
    this.random = seededRandom(options.seed);
    this.#redis = labRedis(options.system);
  }

  get instances(): readonly RunningInstance[] {
    return this.#system.instances;
  }

  on(index: number): RunningInstance {
    return this.instances[index % this.instances.length]!;
  }

  readonly get: Requester["get"] = (path, options) =>
    this.on(0).get(path, options);
  readonly post: Requester["post"] = (path, body, options) =>
    this.on(0).post(path, body, options);
  readonly put: Requester["put"] = (path, body, options) =>
    this.on(0).put(path, body, options);
  readonly delete: Requester["delete"] = (path, options) =>
    this.on(0).delete(path, options);
  readonly request: Requester["request"] = (
    method: string,
    path: string,
    options?: RequestOptions & { readonly body?: unknown },
  ) => this.on(0).request(method, path, options);

  async burst(
    count: number,
    operation: (index: number) => Promise<Answer>,
  ): Promise<Answers> {
    const answers = await Promise.all(
      Array.from({ length: count }, (_, index) => operation(index)),
    );
    return AnswerList.from(answers) as AnswerList;
  }

  get sql(): Sql {
    const { database, privateDatabases } = this.#system.stores;
    if (database) return database.owner;
    const names = Object.keys(privateDatabases);
    if (names.length === 0) throw new Error("This check runs without Postgres");
    throw new Error(
      `Each instance has a database of its own: lab.databases has ${names}`,
    );
  }

  get databases(): Readonly<Record<string, Sql>> {
    return ownersOf(this.#system.stores.privateDatabases);
  }

  get redis(): RedisClientType {
    return this.#redis;
  }

  get shards(): Readonly<Record<string, Sql>> {
    return ownersOf(this.#system.stores.shards);
  }

  get clock(): SystemUnderTest["clock"] {
    return this.#system.clock;
  }

  upstream(name: string): FakeUpstream {
    const upstream = this.#system.upstreams[name];
    if (upstream) return upstream;
    throw new RangeError(
      `workshop.json names no upstream "${name}"; it names ` +
        `${Object.keys(this.#system.upstreams).join(", ") || "none"}`,
    );
  }

  holdWrites<T>(
    store: Store | "both",
    operation: () => Promise<T>,
  ): Promise<T> {
    return holdWrites(this.#system, {
      store,
      evidence: this.#evidence,
      operation,
    });
  }

  inStep<T>(operation: () => Promise<T>): Promise<T> {
    return inStep(this.#system, { evidence: this.#evidence, operation });
  }

  holdNext(
    instance: Instance,
    target: Store | Omit<FaultTarget, "instance">,
    match: RegExp,
  ): Gate {
    return this.#wayTo(instance, target).holdNext(match);
  }

  holdNextReply(
    instance: Instance,
    target: Store | Omit<FaultTarget, "instance">,
    match: RegExp,
  ): Gate {
    return this.#wayTo(instance, target).holdNextReply(match);
  }

  crashSweep(plan: CrashSweep): Promise<SweepResult> {
    const name = plan.instance?.name ?? this.on(0).name;
    const instance = this.instances.find((one) => one.name === name)!;
    return crashSweep(plan, { instance, evidence: this.#evidence });
  }

  latency(target: FaultTarget, delayMs: number): Fault {
    return this.#fault(`latency of ${delayMs} ms`, {
      target,
      begin: (proxy) => proxy.latency(delayMs),
    });
  }

  cut(target: FaultTarget): Fault {
    return this.#fault("cut", { target, begin: (proxy) => proxy.cut() });
  }

  blackhole(target: FaultTarget): Fault {
    return this.#fault("blackhole", {
      target,
      begin: (proxy) => proxy.blackhole(),
    });
  }

  slice(target: FaultTarget): Fault {
    return this.#fault("slicing", { target, begin: (proxy) => proxy.slice() });
  }

  partition(
    groups: readonly (readonly Instance[])[],
    how: "cut" | "blackhole" = "cut",
  ): Fault {
    const names = groups.map((group) => group.map(({ name }) => name));
    return beginFault(proxiesAcross(names, this.instances), {
      evidence: this.#evidence,
      name: `partition ${names.map((group) => group.join("")).join(" | ")}`,
      begin: (proxy) => proxy[how](),
    });
  }

  pause(_store: "redis"): Promise<Fault> {
    const { server } = this.#redisStore();
    server.pause();
    this.#evidence.note("fault", "redis is paused");
    let isHealed = false;
    const heal = () => {
      if (isHealed) return;
      isHealed = true;
      server.resume();
      this.#evidence.note("fault", "redis goes on");
    };
    return Promise.resolve({ hits: 1, heal, [Symbol.dispose]: heal });
  }

  async restart(_store: "redis"): Promise<void> {
    throwIfScopeEnded();
    await this.#redisStore().server.restart();
    await this.clock.restartRedis();
    this.#evidence.note("fault", "redis was restarted and is empty");
  }

  async setUpTogether(): Promise<void> {
    throwIfScopeEnded();
    const { sql, instances } = this;
    await setUpTogether({ sql, instances, evidence: this.#evidence });
  }

  async dropConnections(_store: "postgres"): Promise<void> {
    throwIfScopeEnded();
    const databases = databasesOf(this.#system.stores);
    if (databases.length === 0) {
      throw new Error("This check runs without Postgres");
    }
    await Promise.all(databases.map(({ admin, user }) =>
      admin`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = ${user}`
    ));
    this.#evidence.note("fault", "all Postgres connections were terminated");
  }

  async count<T>(
    operation: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly wire: WireCounts }> {
    const countsSoFar = countWires(this.instances);
    const result = await operation();
    return { result, wire: countsSoFar() };
  }

  ratio(plan: RatioPlan): Promise<RatioResult> {
    const { system, startReference } = this.#options;
    return compareWithReference(plan, { submission: system, startReference });
  }

  growth(plan: GrowthPlan): Promise<number> {
    return growth(plan);
  }

  async eventually<T>(
    attempt: () => T | Promise<T>,
    options?: { readonly withinMs?: number },
  ): Promise<T> {
    using _polling = this.#evidence.polling();
    return await eventually(attempt, options);
  }

  inconclusive(reason: string): never {
    throw new Inconclusive(reason);
  }

  mark(): void {
    this.#evidence.mark();
  }

  note(text: string): void {
    this.#evidence.note("log", text);
  }

  readonly nowMs = (): number => this.#evidence.nowMs();

  get trace(): readonly TraceRow[] {
    return this.#evidence.rows;
  }

  get #system(): SystemUnderTest {
    return this.#options.system;
  }

  get #evidence(): Evidence {
    return this.#options.evidence;
  }

  #redisStore() {
    const { redis } = this.#system.stores;
    if (redis) return redis;
    throw new Error("This check runs without Redis");
  }

  #wayTo(
    instance: Instance,
    target: Store | Omit<FaultTarget, "instance">,
  ): Proxy {
    const to = typeof target === "string" ? { store: target } : target;
    return proxiesTo({ ...to, instance }, this.instances)[0]!;
  }

  #fault(
    name: string,
    { target, begin }: {
      readonly target: FaultTarget;
      readonly begin: (proxy: Proxy) => Fault;
    },
  ): Fault {
    return beginFault(proxiesTo(target, this.instances), {
      evidence: this.#evidence,
      name: `${name} of ${nameOfTarget(target)}`,
      begin,
    });
  }
}

function ownersOf(
  databases: Readonly<Record<string, OpenDatabase>>,
): Record<string, Sql> {
  return Object.fromEntries(
    Object.entries(databases).map(([name, { owner }]) => [name, owner]),
  );
}
