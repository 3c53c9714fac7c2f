import { Inconclusive } from "./check_failure.ts";
import type { Evidence } from "./evidence.ts";
import { databaseOf, databasesOf } from "./run_stores.ts";
import type { SystemUnderTest } from "./system_under_test.ts";
import type { Store } from "./types.ts";
import { holdPostgresWrites } from "./wire/postgres_gate.ts";
import { holdRedisWrites } from "./wire/redis_gate.ts";
import type { WriteGate } from "./wire/types.ts";

/**
 * Runs `operation` while writes are held and reads pass. All gates close before it begins, and each opens once
 * its own writers have settled.
 */
export async function holdWrites<T>(
  system: SystemUnderTest,
  { store, evidence, operation }: HoldWritesOptions<T>,
): Promise<T> {
  await using gates = new AsyncDisposableStack();
  const closed: WriteGate[] = [];
  for (const open of gatesOf(system, store)) {
    closed.push(gates.use(await open()));
  }
  evidence.note("fault", `writes to ${nameOf(store)} are held`);
  const running = operation();
  const reports = await Promise.all(closed.map(async (gate) => {
    const report = await gate.releaseWhenSettled(running);
    if (report.heldMax > 0) {
      evidence.note("fault", `held writes to ${nameOf(store)} go on`);
    }
    return report;
  }));
  const result = await running;
  if (reports.every(({ heldMax }) => heldMax === 0)) {
    throw new Inconclusive(
      `Nobody wrote to ${nameOf(store)} while its writes were held`,
    );
  }
  return result;
}

interface HoldWritesOptions<T> {
  readonly store: Store | "both";
  readonly evidence: Evidence;
  readonly operation: () => Promise<T>;
}

function gatesOf(
  { stores, instances }: SystemUnderTest,
  store: Store | "both",
): (() => Promise<WriteGate>)[] {
  const { redis, shards } = stores;
  const gates: (() => Promise<WriteGate>)[] = [];
  if (store !== "postgres" && redis) {
    const proxies = instances.flatMap(({ wires }) => wires.redis ?? []);
    gates.push(() => holdRedisWrites(redis.admin, { proxies }));
  }
  if (store !== "redis") {
    for (const database of databasesOf(stores)) {
      const proxies = instances
        .filter(({ name }) => databaseOf(stores, name) === database)
        .flatMap(({ wires }) => wires.postgres ?? []);
      gates.push(() => holdPostgresWrites(database.admin, { proxies }));
    }
    for (const [id, shard] of Object.entries(shards)) {
      const proxies = instances.flatMap(({ wires }) => wires.shards[id] ?? []);
      gates.push(() => holdPostgresWrites(shard.admin, { proxies }));
    }
  }
  return gates;
}

function nameOf(store: Store | "both"): string {
  return store === "both" ? "Postgres or Redis" : store;
}
