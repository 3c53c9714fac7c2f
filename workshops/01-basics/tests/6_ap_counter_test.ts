import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  counterBounds,
  type CounterInput,
  expect,
  type Fault,
  hasCome,
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
    for (const instance of lab.instances) {
      const answer = await instance.get(`/counters/${id}`);
      expect(answer, "GET /counters/:id answers 200").toHaveStatus(200);
      expect(answer.json?.value, "A counter that nobody has added to is 0")
        .toBe(0);
    }
    const first = await addOn(lab.on(0), { id, adds, by: 1 });
    expect(first.json?.value, "1 is added to it, and the answer is 1").toBe(1);
    lab.mark();
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(
          18,
          (index) =>
            addOn(lab.on(index), { id, adds, by: lab.random.integer(1, 1000) }),
        ),
    );
    expect(
      answers.statuses,
      "Whoever is asked says yes, to six at once on each instance, too",
    ).toEqual({ 200: 18 });
    await expectSumEverywhere(lab, { id, adds });
  });

  check("01.6b", {
    title: "says yes on both sides of a partition, and agrees after it",
    kind: "fault",
    hint:
      "Answer from your own database, tell the peers later and until they have heard. A report may come twice, or after a later one: merging takes the higher of two reports of one part.",
    timeoutMs: 60_000,
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

    const [peer] = others as [Instance];
    const addTo = (instance: Instance) => () =>
      addOn(instance, { id, adds, by: lab.random.integer(1, 1000) });
    await tellTwice(lab, { from: alone, to: peer, add: addTo(alone) });
    await expectSumEverywhere(lab, { id, adds });
    await tellLate(lab, {
      from: alone,
      to: peer,
      add: addTo(alone),
      untilHeard: () => untilSum(lab, { on: peer, id, adds }),
    });
    await expectSumEverywhere(lab, { id, adds });
    await addTo(peer)();
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

interface Report {
  readonly from: Instance;
  readonly to: Instance;
  /** Something to report. */
  readonly add: () => Promise<unknown>;
}

/** The peer hears a report, and its answer is lost: who has told it cannot know, and tells it again. */
async function tellTwice(lab: Lab, { from, to, add }: Report): Promise<void> {
  const way = { peer: to.name };
  using unsaid = lab.holdNextReply(from, way, /./);
  await add();
  if (!await hasCome(unsaid)) return;
  const lost = lab.cut({ instance: from, ...way });
  unsaid.release();
  using again = lab.holdNextReply(from, way, /./);
  lost.heal();
  // By then the peer has acted on it once more. Whoever does not tell again has nothing to show.
  await hasCome(again);
}

/** A report is on its way for so long that the peer has heard of a later addition before it comes. */
async function tellLate(
  lab: Lab,
  { from, to, add, untilHeard }: Report & {
    readonly untilHeard: () => Promise<void>;
  },
): Promise<void> {
  const way = { peer: to.name };
  using late = lab.holdNext(from, way, /./);
  await add();
  if (!await hasCome(late)) return;
  await add();
  await untilHeard();
  await to.get("/nothing/here"); // By then the peer's answer to the later report is on its way.
  using heard = lab.holdNextReply(from, way, /./);
  late.release();
  await hasCome(heard);
}

/** Waits for the sum on one instance. Whoever tells one thing after the other may not get so far. */
async function untilSum(
  lab: Lab,
  { on, id, adds }: {
    readonly on: Instance;
    readonly id: string;
    readonly adds: Adds;
  },
): Promise<void> {
  const { low } = counterBounds(adds.operations);
  await lab.eventually(async () => {
    const answer = await on.get(`/counters/${id}`);
    expect(answer.json?.value).toBe(low);
  }, { withinMs: 1_500 }).catch(() => {});
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
    expect(value, "The value is a number").toEqual(expect.any(Number));
    const rule = low === high
      ? `It is the sum of what was added, ${low}`
      : `It is at least what was acknowledged, ${low}, and at most all that was sent, ${high}`;
    expect(value, rule).toBeGreaterThanOrEqual(low);
    expect(value, rule).toBeLessThanOrEqual(high);
  });
}
