import { Inconclusive } from "../expect/check_failure.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { databaseOf, databasesOf } from "../instances/run_stores.ts";
import type { SystemUnderTest } from "../instances/system.ts";
import type { Store } from "../types.ts";
import { holdPostgresWrites } from "../wire/postgres_gate.ts";
import { holdRedisWrites } from "../wire/redis_gate.ts";
import type { WriteGate, WriteGateOptions } from "../wire/types.ts";

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
  for (const { name, open } of gatesOf(system, store)) {
    // Before the first reply to a held write: the order of the rows is what people read.
    const onLetGo = (heldMax: number) => {
      if (heldMax === 0) return;
      evidence.note("fault", `held writes to ${name} go on`);
    };
    closed.push(gates.use(await open(onLetGo)));
  }
  evidence.note("fault", `writes to ${nameOf(store)} are held`);
  const running = operation();
  const reports = await Promise.all(
    closed.map((gate) => gate.releaseWhenSettled(running)),
  );
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

interface NamedGate {
  readonly name: string;
  readonly open: (
    onLetGo: WriteGateOptions["onLetGo"],
  ) => Promise<WriteGate>;
}

function gatesOf(
  { stores, instances }: SystemUnderTest,
  store: Store | "both",
): NamedGate[] {
  const { redis, shards } = stores;
  const gates: NamedGate[] = [];
  if (store !== "postgres" && redis) {
    const proxies = instances.flatMap(({ wires }) => wires.redis ?? []);
    gates.push({
      name: "redis",
      open: (onLetGo) => holdRedisWrites(redis.admin, { proxies, onLetGo }),
    });
  }
  if (store !== "redis") {
    for (const database of databasesOf(stores)) {
      const proxies = instances
        .filter(({ name }) => databaseOf(stores, name) === database)
        .flatMap(({ wires }) => wires.postgres ?? []);
      gates.push({
        name: "postgres",
        open: (onLetGo) =>
          holdPostgresWrites(database.admin, { proxies, onLetGo }),
      });
    }
    for (const [id, shard] of Object.entries(shards)) {
      const proxies = instances.flatMap(({ wires }) => wires.shards[id] ?? []);
      gates.push({
        name: `shard ${id}`,
        open: (onLetGo) =>
          holdPostgresWrites(shard.admin, { proxies, onLetGo }),
      });
    }
  }
  return gates;
}

function nameOf(store: Store | "both"): string {
  return store === "both" ? "Postgres or Redis" : store;
}
