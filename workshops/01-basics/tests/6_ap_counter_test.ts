import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  counterBounds,
  type CounterInput,
  expect,
  type Fault,
  type HistoryRecorder,
  type Instance,
  type Lab,
  recordHistory,
} from "@lab";
import { answeredStepByStep } from "./step_by_step.ts";

/** Three instances with a database each; peers are all that they share. */
const REPLICAS = {
  instances: 3,
  databases: "private",
  without: ["redis"],
  config: { stores: "private" },
} as const;

type Adds = HistoryRecorder<CounterInput, number>;

describe("01.6 AP counter", () => {
  check("01.6a", {
    title: "comes to the sum of all that was added, on all instances",
    kind: "race",
    hint:
      "Each instance has a part of its own and adds to it in one statement. The sum of all parts is the value.",
    ...REPLICAS,
  }, async (lab) => {
    const id = `counter-${lab.random.word(8)}`;
    const adds: Adds = recordHistory();
    await addOn(lab.on(0), { id, adds, by: 1 });
    lab.mark();
    await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(
          18,
          (index) =>
            addOn(lab.on(index), { id, adds, by: lab.random.integer(1, 1000) }),
        ),
    );
    await expectSumEverywhere(lab, { id, adds });
  });

  check("01.6b", {
    title: "says yes on both sides of a partition, and agrees after it",
    kind: "fault",
    hint:
      "Answer from your own database, tell the peers later and until they have heard. Merging takes the higher of two reports of one part.",
    ...REPLICAS,
  }, async (lab) => {
    const id = `counter-${lab.random.word(8)}`;
    const adds: Adds = recordHistory();
    for (const instance of lab.instances) {
      await addOn(instance, { id, adds, by: lab.random.integer(1, 1000) });
    }
    await expectSumEverywhere(lab, { id, adds });

    const [alone, ...others] = lab.random.shuffle(lab.instances) as [
      Instance,
      ...Instance[],
    ];
    const partitions = [
      { groups: [[alone], others], how: "blackhole", attempts: 4 },
      // Nobody hears from a third one what was not told again. Who does not tell again tries three times on each of the
      // six ways at most: what was under way, old news, and this addition.
      { groups: lab.instances.map((one) => [one]), how: "cut", attempts: 24 },
    ] as const;
    for (const { groups, how, attempts } of partitions) {
      const partition = lab.partition(groups, how);
      for (const instance of lab.instances) {
        const by = lab.random.integer(1, 1000);
        const answer = await addOn(instance, { id, adds, by });
        expect(
          answer,
          `Parted ${namesOf(groups)}: all sides answer 200`,
        ).toHaveStatus(200);
      }
      await untilToldInVain(lab, partition, attempts);
      partition.heal();
      await expectSumEverywhere(lab, { id, adds });
    }
    // What is told again and again must not be counted again and again.
    await addOn(alone, { id, adds, by: 1 });
    await expectSumEverywhere(lab, { id, adds });
  });

  check("01.6c", {
    title: "loses nothing that it has acknowledged when it is killed",
    kind: "fault",
    hint:
      "Await the write to your own database before you answer; after a restart tell the peers everything again.",
    timeoutMs: 20_000,
    ...REPLICAS,
  }, async (lab) => {
    const id = `counter-${lab.random.word(8)}`;
    const adds: Adds = recordHistory();
    const [victim, ...others] = lab.random.shuffle(lab.instances) as [
      Instance,
      ...Instance[],
    ];
    for (const instance of lab.instances) {
      await addOn(instance, { id, adds, by: lab.random.integer(1, 1000) });
    }
    await expectSumEverywhere(lab, { id, adds });
    {
      // Nobody else hears of what the victim acknowledges now.
      using _partition = lab.partition([[victim], others]);
      const { answer, release } = await answeredStepByStep(
        lab,
        victim,
        () =>
          addOn(victim, { id, adds, by: lab.random.integer(10_000, 20_000) }),
      );
      expect(answer, "Cut off from its peers, it answers 200")
        .toHaveStatus(200);
      // Whatever becomes of these, they do not make up for a loss.
      const underWay = [1, 2, 3].map((by) => addOn(victim, { id, adds, by }));
      await victim.kill();
      release();
      await Promise.all(underWay);
      await victim.restart();
    }
    await expectSumEverywhere(lab, { id, adds });
  });
});

/**
 * Waits until everybody has tried to tell or to ask and has tried again, or does not try any more. Whoever pauses for
 * longer between two attempts is not waited for.
 */
async function untilToldInVain(
  lab: Lab,
  partition: Fault,
  attempts: number,
): Promise<void> {
  const hitsEnough = partition.hits + attempts;
  let hits = partition.hits;
  let lastHitMs = performance.now();
  await lab.eventually(() => {
    if (partition.hits > hits) lastHitMs = performance.now();
    hits = partition.hits;
    const isQuiet = performance.now() - lastHitMs > 1_000;
    if (hits < hitsEnough && !isQuiet) throw new Error("Not all have tried");
  }, { withinMs: 3_000 }).catch(() => {});
  if (partition.hits === 0) lab.inconclusive("No peer was asked");
}

/** "A | BC" */
function namesOf(groups: readonly (readonly Instance[])[]): string {
  return groups.map((group) => group.map(({ name }) => name).join(""))
    .join(" | ");
}

function addOn(
  instance: Instance,
  { id, adds, by }: {
    readonly id: string;
    readonly adds: Adds;
    readonly by: number;
  },
): Promise<Answer> {
  return adds.record(
    { client: instance.name, input: { kind: "add", amount: by } },
    () => instance.post(`/counters/${id}/incr`, { by }),
    () => undefined as never,
  );
}

/** All instances come to show one value, and it is what was acknowledged, or more by what nobody knows about. */
async function expectSumEverywhere(
  lab: Lab,
  { id, adds }: { readonly id: string; readonly adds: Adds },
): Promise<void> {
  const { low, high } = counterBounds(adds.operations);
  await lab.eventually(async () => {
    const values: unknown[] = [];
    for (const instance of lab.instances) {
      const answer = await instance.get(`/counters/${id}`);
      expect(answer, "GET /counters/:id answers 200").toHaveStatus(200);
      values.push(answer.json?.value);
    }
    const [value] = values;
    expect(values, "All three instances come to show the same value")
      .toEqual([value, value, value]);
    const rule = low === high
      ? `It is the sum of what was added, ${low}`
      : `It is at least what was acknowledged, ${low}, and at most all that was sent, ${high}`;
    expect(Number(value), rule).toBeGreaterThanOrEqual(low);
    expect(Number(value), rule).toBeLessThanOrEqual(high);
  });
}
