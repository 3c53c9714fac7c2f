import { CheckFailure, Inconclusive } from "../expect/check_failure.ts";
import { countWires } from "./count_wires.ts";
import { median } from "./median.ts";
import type { SystemUnderTest } from "../instances/system.ts";
import type { Requester } from "../clients/types.ts";
import type { RatioPlan, RatioResult } from "./types.ts";
import type { Fault } from "../faults/types.ts";

/** Between two runs of the same code: outside, the machine decided and not the code. */
const CONTROL_MIN = 0.85;
const CONTROL_MAX = 1.15;
const OPERATIONS = 40;

export interface RatioSystems {
  readonly submission: SystemUnderTest;
  readonly startReference: () => Promise<SystemUnderTest>;
}

/**
 * Measures the reference twice and the submission, one after the other in each round, with latency on every
 * store round trip. Throws {@link Inconclusive} when the two references differ.
 */
export async function compareWithReference(
  plan: RatioPlan,
  { submission, startReference }: RatioSystems,
): Promise<RatioResult> {
  await using started = new AsyncDisposableStack();
  const start = async () => started.use(await startReference());
  const starting = [start(), start()];
  await Promise.allSettled(starting); // When one does not start, the other is still ours to end.
  const references = await Promise.all(starting);
  const systems = [...references, submission];
  await Promise.all(
    systems.map(({ instances }) => plan.prepare(instances[0]!)),
  );
  using _latency = slowStores(systems, plan.latencyMs ?? 10);

  // Connections open and code is compiled in a first round, which is not measured and may be of all at once.
  await Promise.all(
    systems.map(({ instances }) => throughput(plan, instances[0]!)),
  );
  const counts = systems.map(({ instances }) => countWires(instances));
  const rounds: number[][] = [];
  for (let round = 0; round < (plan.rounds ?? 5); round++) {
    const rates: number[] = [];
    // Each system is first, second and last in turn: a machine that heats up favours nobody.
    for (let turn = 0; turn < systems.length; turn++) {
      const at = (round + turn) % systems.length;
      rates[at] = await throughput(plan, systems[at]!.instances[0]!);
    }
    rounds.push(rates);
  }
  const ratioTo = (at: number) =>
    median(rounds.map((rates) => rates[at]! / rates[0]!));
  const operations = rounds.length * (plan.operations ?? OPERATIONS);
  const messagesEach = counts.map((countsSoFar) => {
    const { redis, postgres } = countsSoFar();
    return (redis.commands + postgres.messages) / operations;
  });
  const [reference, , own] = messagesEach.map((count) => +count.toFixed(1));
  const result = {
    ratio: ratioTo(2),
    control: ratioTo(1),
    cost:
      `${own} messages to the stores each, the reference sends ${reference}`,
  };
  if (result.control < CONTROL_MIN || result.control > CONTROL_MAX) {
    throw new Inconclusive(
      `The reference measured against itself came to ${
        result.control.toFixed(2)
      } instead of 1: the machine is busy`,
    );
  }
  return result;
}

function slowStores(
  systems: readonly SystemUnderTest[],
  latencyMs: number,
): Disposable {
  const faults: Fault[] = systems
    .flatMap(({ instances }) => instances)
    .flatMap(({ wires }) => wires.stores)
    .map((proxy) => proxy.latency(latencyMs));
  return { [Symbol.dispose]: () => faults.forEach((fault) => fault.heal()) };
}

/** Operations per second, with `concurrency` of them under way at any time. */
async function throughput(
  { operation, concurrency = 8, operations = OPERATIONS }: RatioPlan,
  system: Requester,
): Promise<number> {
  let next = 0;
  const client = async () => {
    while (next < operations) {
      const answer = await operation(system, next++);
      if (answer.status >= 500 || answer.status === 0) {
        throw new CheckFailure({
          rule: "Under load every operation is answered",
          expected: "an answer below 500",
          received: `${answer.call} → ${answer.status}`,
        });
      }
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: concurrency }, client));
  return operations / (performance.now() - startedMs) * 1000;
}
