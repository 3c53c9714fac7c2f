import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  hasCome,
  type Instance,
  type Lab,
} from "@lab";
import { holdAll } from "./hold_all.ts";
import { type RegisterHistory, registerHistory } from "./register_history.ts";
import { answeredStepByStep, heldStepByStep } from "./step_by_step.ts";
import { untilOver } from "./until_over.ts";

/** Three instances with a database each; peers are all that they share. */
const REPLICAS = {
  instances: 3,
  databases: "private",
  without: ["redis"],
  config: { stores: "private" },
} as const;

/** Where a check holds up messages to stores that are all there: nobody's deadline shall strike. */
const PATIENT_REPLICAS = {
  ...REPLICAS,
  config: { ...REPLICAS.config, quorumDeadlineMs: 4_000 },
} as const;

/** Each majority of two, and the first once more: what any of them has shown, all later ones must show. */
const MAJORITIES = [[0, 1], [1, 2], [2, 0], [0, 1]] as const;

/** A value that is stored on the own copy and on others at the same time is there by then. */
const OWN_COPY_MS = 500;

/** Whatever an instance does in its database is done before it has been asked so often. */
const LOOKS = 10;

describe("01.7 CP register", () => {
  check("01.7a", {
    title: "is one register, though three instances write at once",
    kind: "race",
    hint:
      "Two writers who have seen the same counter choose the same next one: the version needs something that only this write has.",
    ...PATIENT_REPLICAS,
  }, async (lab) => {
    const history = registerHistory(lab, "/registers");
    const keys = Array.from({ length: 4 }, () => freshId(lab));
    for (const key of keys) {
      await history.write({ on: 0, name: "first", key }, `first-${key}`);
      for (const on of [0, 1, 2]) {
        const answer = await history.read({ on, name: "first", key });
        expect(answer.json?.value, "What A has written, everybody reads")
          .toBe(`first-${key}`);
      }
    }
    const writers = keys.flatMap((key) =>
      [0, 1, 2, 3, 4, 5].map((on) => ({ on, name: `c${on}`, key }))
    );
    lab.mark();
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(
          writers.length,
          (index) => history.write(writers[index]!, `value-${index}`),
        ),
    );
    expect(answers.statuses, "No write is refused while all are there")
      .toEqual({ 200: writers.length });
    for (let round = 0; round < 6; round++) {
      await Promise.all(
        keys.map((key) => history.read({ on: round, name: "reader", key })),
      );
    }
    history.expectLinearizable();
  });

  check("01.7b", {
    title: "goes on with a majority, and says no without one",
    kind: "fault",
    hint:
      "Two of three are enough. First ask, and refuse if too few answer; write only then: a 503 with Retry-After promises that nothing was written.",
    timeoutMs: 20_000,
    ...REPLICAS,
  }, async (lab) => {
    const history = registerHistory(lab, "/registers");
    const key = freshId(lab);
    await history.write({ on: 0, name: "first", key }, "before");
    const alone = lab.random.integer(0, 2);
    const others = [0, 1, 2].filter((on) => on !== alone);
    const groups = [[lab.on(alone)], others.map((on) => lab.on(on))];
    const expectAllToRead = async () => {
      for (const on of [alone, ...others]) {
        const answer = await history.read({ on, name: "after", key });
        expect(answer, "After the partition all three answer")
          .toHaveStatus(200);
      }
      history.expectLinearizable();
    };
    for (const how of ["cut", "blackhole"] as const) {
      const partition = lab.partition(groups, how);
      const refused = await Promise.all([
        history.write({ on: alone, name: "few", key }, `few-${how}`),
        history.read({ on: alone, name: "few too", key }),
      ]);
      if (partition.hits === 0) lab.inconclusive("No peer was asked");
      for (const answer of refused) expectRefused(answer);
      partition.heal();
      await expectAllToRead();
    }
    const partition = lab.partition(groups, "blackhole");
    for (const on of others) {
      const client = { on, name: "many", key };
      expect(await history.write(client, `many-${on}`), "Two of three write")
        .toHaveStatus(200);
      expect(await history.read(client), "Two of three read").toHaveStatus(200);
    }
    partition.heal();
    await expectAllToRead();

    const before = await copyOn(lab.on(0), key);
    const write = await loseTheMajorityHalfWay(lab, {
      send: () => history.write({ on: 0, name: "half", key }, "half-way"),
      untilLost: () =>
        untilOver(lab, async () => await copyOn(lab.on(0), key) !== before, {
          withinMs: OWN_COPY_MS,
        }),
    });
    if (write.status === 504) {
      expect(write.json?.code, "504 outcome_unknown").toBe("outcome_unknown");
    } else {
      expectRefused(
        write,
        "A's second round failed: 504, or 503 if no copy has the value",
      );
    }
    const read = await loseTheMajorityHalfWay(lab, {
      send: () => history.read({ on: 0, name: "half too", key }),
    });
    // 200: the two copies agreed, and nothing had to be stored.
    if (read.status !== 200) {
      expectRefused(
        read,
        "A read that could not store what it would show is a 503",
      );
    }
    await readByEachMajority(lab, history, key);
    history.expectLinearizable();
  });

  check("01.7c", {
    title: "takes nothing back that it has shown, wherever a writer dies",
    kind: "fault",
    hint:
      "A value on one copy only is not in every majority. A reader that finds one stores it on a majority before it answers. A copy has stored what its database has, nothing else. And no two writes have the same version, before a restart and after it.",
    timeoutMs: 120_000,
    ...PATIENT_REPLICAS,
  }, async (lab) => {
    const history = registerHistory(lab, "/registers");
    let key = "";
    const sweep = {
      before: async (point: number) => {
        key = freshId(lab);
        await history.write({ on: 1, name: "first", key }, `old-${point}`);
      },
      operation: (point: number) =>
        history.write({ on: 0, name: "dying", key }, `new-${point}`),
      verify: async () => {
        await readByEachMajority(lab, history, key);
        history.expectLinearizable();
      },
    };
    // Messages that go out together may all arrive or none: now and then a sweep leaves nothing on one copy only.
    for (let round = 0; round < 2; round++) await lab.crashSweep(sweep);
    await copyOutlivesItsInstance(lab);
    await noVersionIsGivenTwice(lab, history);
  });

  check("01.7d", {
    title: "lets a copy lag, but nobody read before their own write",
    kind: "fault",
    hint:
      "?read=local answers from the own copy, unless that is older than X-Min-Version: compare counters as numbers. And a copy keeps the newer of two, whichever comes last.",
    timeoutMs: 20_000,
    ...REPLICAS,
  }, async (lab) => {
    await localReadsKeepUp(lab);
    await lateStoreChangesNothing(lab);
  });
});

async function readByEachMajority(
  lab: Lab,
  history: RegisterHistory,
  key: string,
): Promise<void> {
  for (const [one, two] of MAJORITIES) {
    const third = 3 - one - two;
    using _partition = lab.partition([
      [lab.on(one), lab.on(two)],
      [lab.on(third)],
    ]);
    const answer = await history.read({ on: one, name: "reader", key });
    expect(answer, "Two of three can read").toHaveStatus(200);
  }
}

/** A has only B to ask, and B is lost after it has said what it knows: A itself may have stored a value by then. */
async function loseTheMajorityHalfWay(
  lab: Lab,
  { send, untilLost }: {
    readonly send: () => Promise<Answer>;
    /** What to wait for while A's second round to B is held. */
    readonly untilLost?: () => Promise<void>;
  },
): Promise<Answer> {
  const [a] = lab.instances as [Instance];
  using _unheard = lab.cut({ instance: a, peer: "C" });
  using asking = lab.holdNext(a, { peer: "B" }, /./);
  const sending = send();
  await asking.reached;
  using storing = holdAll(lab, a, { peer: "B" });
  asking.release();
  await Promise.race([hasCome(storing), sending]);
  await untilLost?.();
  using _lost = lab.cut({ instance: a, peer: "B" });
  storing.release();
  return await sending;
}

/** The value that an instance has itself. */
async function copyOn(instance: Instance, key: string): Promise<unknown> {
  const answer = await instance.get(`/registers/${key}?read=local`);
  return answer.json?.value;
}

/** C hears nothing, B is killed once A has answered, and then A is cut off: B's database has it, or nobody has. */
async function copyOutlivesItsInstance(lab: Lab): Promise<void> {
  const [a, b, c] = lab.instances as [Instance, Instance, Instance];
  const path = `/registers/${freshId(lab)}`;
  await put(a, path, "before");
  {
    using _partition = lab.partition([[a, b], [c]]);
    const { answer, release } = await answeredStepByStep(
      lab,
      b,
      () => a.put(path, { value: "acknowledged" }),
    );
    await b.kill();
    release();
    if (answer.status !== 200) lab.inconclusive("A gave B's copy up");
    await b.restart();
  }
  using _partition = lab.partition([[b, c], [a]]);
  const answer = await b.get(path);
  expect(answer, "Two of three can read").toHaveStatus(200);
  expect(
    answer.json?.value,
    "What A has acknowledged with B's copy is there after B was killed and restarted",
  ).toBe("acknowledged");
}

/** A dies when B has its write and A itself may not. With C alone it knows nothing of that, and writes once more. */
async function noVersionIsGivenTwice(
  lab: Lab,
  history: RegisterHistory,
): Promise<void> {
  const [a, b, c] = lab.instances as [Instance, Instance, Instance];
  const key = freshId(lab);
  await history.write({ on: 2, name: "first", key }, "before");
  {
    using _partition = lab.partition([[a, b], [c]]);
    const { release } = await heldStepByStep(lab, a, {
      sending: history.write({ on: 0, name: "dying", key }, "dying"),
      isFarEnough: async () => await copyOn(b, key) === "dying",
    });
    await a.kill();
    release();
    await a.restart();
  }
  {
    using _partition = lab.partition([[a, c], [b]]);
    const answer = await history.write(
      { on: 0, name: "again", key },
      "written anew",
    );
    expect(answer, "Two of three write").toHaveStatus(200);
  }
  await readByEachMajority(lab, history, key);
  history.expectLinearizable();
}

async function localReadsKeepUp(lab: Lab): Promise<void> {
  const [a, b, c] = lab.instances as [Instance, Instance, Instance];
  const path = `/registers/${freshId(lab)}`;
  for (let write = 1; write <= 9; write++) await put(a, path, `early-${write}`);
  expect(await c.get(path), "Everybody reads what A has written")
    .toHaveStatus(200);
  const partition = lab.partition([[a, b], [c]], "blackhole");
  const { version, value } = await put(b, path, "newest");
  const min = { headers: { "x-min-version": version } };
  const local = `${path}?read=local`;
  expect(await c.get(local), "Cut off, C still answers from its own copy")
    .toHaveStatus(200);
  expectRefused(await c.get(local, min));
  if (partition.hits === 0) lab.inconclusive("No peer was asked");
  partition.heal();
  for (const instance of lab.instances) {
    const answer = await instance.get(local, min);
    expect(answer, "?read=local with X-Min-Version").toHaveStatus(200);
    expect(
      answer.json?.value,
      "With the version of a write as X-Min-Version one reads that write, or a later one",
    ).toBe(value);
  }
}

/** A's message to B is on its way for so long that B has heard of a later write before it comes. */
async function lateStoreChangesNothing(lab: Lab): Promise<void> {
  const [a, b, c] = lab.instances as [Instance, Instance, Instance];
  const path = `/registers/${freshId(lab)}`;
  await put(c, path, "first");
  using held = holdAll(lab, a, { peer: "B" });
  // A needs B for nothing: C is there. So whatever A sends to B may come late.
  await put(a, path, "second");
  const unheard = lab.cut({ peer: "A" });
  await put(c, path, "third");
  held.release();
  // They ask B's database after what was held has: by the last of them that has been carried out.
  for (let look = 0; look < LOOKS; look++) await b.get(`${path}?read=local`);
  unheard.heal();
  using _partition = lab.partition([[a, b], [c]]);
  const answer = await a.get(path);
  expect(answer, "Two of three can read").toHaveStatus(200);
  expect(
    answer.json?.value,
    "A's older write reaches B late: what was written after it is not lost",
  ).toBe("third");
}

async function put(instance: Instance, path: string, value: string) {
  const answer = await instance.put(path, { value });
  expect(answer, "PUT of a register answers 200").toHaveStatus(200);
  const version = answer.json?.version;
  expect(answer.headers.get("etag"), "ETag is the version, quoted")
    .toBe(`"${version}"`);
  return { version: String(version), value };
}

function expectRefused(
  answer: Answer,
  rule = "One of three cannot know: 503",
): void {
  expect(answer, rule).toHaveStatus(503);
  expect(answer.headers.get("retry-after"), "…and when to come back")
    .toMatch(/^\d+$/);
}

function freshId(lab: Lab): string {
  return `register-${lab.random.word(8)}`;
}
