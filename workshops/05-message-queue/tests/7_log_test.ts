import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  type Lab,
  type LogInput,
  type LogOutput,
  recordHistory,
  replayedLog,
} from "@lab";
import {
  append,
  byPartition,
  commit,
  type Entry,
  poll,
  recordsOf,
  sendPoll,
} from "./log.ts";

/** Not the defaults, so that the numbers in the config decide. */
const PARTITIONS = 2;
const CLAIM_SEC = 120;

describe("05.7 Log", () => {
  check("05.7a", {
    title: "keeps records in order by key, and gives all of them to each group",
    kind: "redis",
    hint:
      "The key's hash is the partition, the same on every instance; a group is a number per partition, and reading deletes nothing.",
    instances: 2,
    config: { partitions: PARTITIONS },
  }, async (lab) => {
    const topic = newTopic(lab);
    const keys = Array.from({ length: 30 }, () => lab.random.word(6));
    const sent: Entry[] = [];
    for (let index = 0; index < 60; index++) {
      const record = {
        key: index < 30 ? keys[index]! : lab.random.pick(keys),
        body: `${index} \u0000`,
      };
      sent.push(await append(lab.on(index), topic, record));
    }
    for (const key of keys) {
      const used = sent.filter((record) => record.key === key)
        .map(({ partition }) => partition);
      expect(new Set(used).size, "All records of a key are in one partition")
        .toBe(1);
    }
    const partitions = byPartition(sent);
    // One in 2^29 that 30 random keys meet in the same one of two.
    expect(partitions.size, "Different keys are spread over the partitions")
      .toBeGreaterThan(1);
    for (const [partition, records] of partitions) {
      expect(partition, "There are as many as the config says: here 0 and 1")
        .toBeLessThan(PARTITIONS);
      expect(
        records.map(({ offset }) => offset),
        "Offsets of a partition are 1, 2, 3 and so on",
      ).toEqual(records.map((_, index) => index + 1));
    }

    for (const group of ["billing", "search"]) {
      const reader = { topic, group, consumer: "c1" };
      const read = await poll(lab.on(1), reader);
      expect(
        sorted(read),
        "A new group is given everything from the beginning, in order",
      ).toEqual(sorted(sent));
      expect(await poll(lab.on(0), reader), "…once").toEqual([]);
      const done = await commit(lab.on(0), reader, read);
      expect(done, "Commit answers 204").toHaveStatus(204);
      expect(
        await poll(lab.on(1), { ...reader, consumer: "c2" }),
        "What is committed is not given again, to anybody of the group",
      ).toEqual([]);
    }
    const more = await append(lab, topic, { key: keys[0]!, body: "more" });
    expect(
      await poll(lab, { topic, group: "search", consumer: "c3" }),
      "Then it goes on with what comes",
    ).toEqual([more]);
  });

  check("05.7b", {
    title: "has one reader per partition at a time, however many poll",
    kind: "race",
    hint:
      "Who reads, from where, and how far it got: look and write in one step (a script), or two consumers work on one key at once.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const topic = newTopic(lab);
    const history = recordHistory<LogInput<string>, LogOutput<string>>();
    const keys = Array.from({ length: 12 }, () => lab.random.word(6));
    const send = (index: number) => {
      const body = `${index} ${lab.random.word(8)}`;
      const key = lab.random.pick(keys);
      return history.record(
        { client: "producer", input: { kind: "append", value: body } },
        () => lab.on(index).post(`/topics/${topic}`, { key, body }),
        ({ json }) => ({ partition: json.partition, offset: json.offset }),
      );
    };
    const pollAs = (index: number, max: number) => {
      const consumer = `c${index}`;
      return history.record(
        { client: consumer, input: { kind: "poll" } },
        () => sendPoll(lab.on(index), { topic, group: "g", consumer }, max),
        (answer) =>
          recordsOf(answer).map(({ partition, offset, body }) => ({
            partition,
            offset,
            value: body,
          })),
      );
    };
    const appended = await lab.burst(60, send);
    expect(appended.statuses, "Records are taken on both instances")
      .toEqual({ 201: 60 });

    const answers = await lab.holdWrites(
      "both",
      () => lab.burst(8, (index) => pollAs(index, 10)),
    );
    const readers = new Map<number, string>();
    for (const [index, answer] of answers.entries()) {
      for (const partition of byPartition(recordsOf(answer)).keys()) {
        expect(
          readers.get(partition),
          `Partition ${partition} was given to c${index} and, uncommitted, to nobody else`,
        ).toBeUndefined();
        readers.set(partition, `c${index}`);
      }
    }
    let open: Answer[] = [...answers];
    for (let round = 0; open.length > 0; round++) {
      expect(round < 60, "Eight consumers come to the end of 60 records")
        .toBe(true);
      for (const [index, answer] of open.entries()) {
        const records = recordsOf(answer);
        if (records.length === 0) continue;
        const reader = { topic, group: "g", consumer: `c${index}` };
        expect(
          await commit(lab.on(index + 1), reader, records),
          "A consumer may commit what it holds",
        ).toHaveStatus(204);
      }
      const next: Answer[] = [];
      for (let index = 0; index < 8; index++) {
        next.push(await pollAs(index, 10));
      }
      open = next.some((answer) => recordsOf(answer).length > 0) ? next : [];
    }
    const { verdict, message } = replayedLog(history.operations);
    if (verdict === "unknown") lab.inconclusive(message);
    expect(
      message,
      "Each record is given to one consumer of the group, in order, none left out",
    ).toBe("");
    const given = history.operations.flatMap(({ input, output }) =>
      input.kind === "poll" ? output as readonly unknown[] : []
    );
    expect(given, "…and none twice").toHaveLength(60);
  });

  check("05.7c", {
    title: "hands a dead consumer's records to the next, from the last commit",
    kind: "fault",
    hint:
      "Uncommitted records are held for claimSec. Keep how far a group was given and how far it has committed apart.",
    instances: 2,
  }, async (lab) => {
    const topic = newTopic(lab);
    const key = lab.random.word(6);
    const sent: Entry[] = [];
    for (let index = 0; index < 9; index++) {
      const body = lab.random.word();
      sent.push(await append(lab.on(index), topic, { key, body }));
    }
    const dead = { topic, group: "g", consumer: "dead" };
    const next = { topic, group: "g", consumer: "next" };
    const first = await poll(lab.on(1), dead, 3);
    expect(first, "A consumer is given the first three").toEqual(
      sent.slice(0, 3),
    );
    expect(await commit(lab.on(1), dead, first.slice(0, 1)), "…commits one")
      .toHaveStatus(204);
    await lab.on(1).kill();
    expect(
      await poll(lab.on(0), dead, 3),
      "…and goes on where it was, through another instance",
    ).toEqual(sent.slice(3, 6));
    await lab.clock.advance(30_000);
    expect(
      await poll(lab.on(0), next),
      "While it holds the partition nobody else reads it",
    ).toEqual([]);
    await lab.clock.advance(31_000);
    expect(
      await poll(lab.on(0), next, 7),
      "After claimSec of silence the next one begins after the last commit",
    ).toEqual(sent.slice(1, 8));
    const zombie = await commit(lab.on(0), dead, sent.slice(0, 6));
    expect(zombie, "Who has lost a partition cannot commit in it")
      .toHaveStatus(409);
    expect(zombie.json?.code, "…and is told why").toBe("not_owner");
    await lab.on(1).restart();
    expect(
      await commit(lab.on(1), next, sent.slice(0, 8)),
      "Who holds it can",
    ).toHaveStatus(204);
    expect(
      await poll(lab.on(1), { ...next, consumer: "third" }),
      "What is left goes to whoever polls first",
    ).toEqual(sent.slice(8));
  });

  check("05.7d", {
    title:
      "lets nobody commit what it does not hold, nor hold what it does not poll",
    kind: "redis",
    hint:
      "Each poll of the holder begins claimSec anew, also one that finds nothing; a commit does not. Look at all partitions before you commit one.",
    config: { claimSec: CLAIM_SEC },
  }, async (lab) => {
    const [topic, key] = [newTopic(lab), lab.random.word(6)];
    const sent: Entry[] = [];
    for (let index = 0; index < 4; index++) {
      const body = lab.random.word();
      sent.push(await append(lab, topic, { key, body }));
    }
    const busy = { topic, group: "g", consumer: "busy" };
    expect(await poll(lab, busy), "A consumer is given all").toEqual(sent);
    const mostMs = 1000 * (CLAIM_SEC - 40);
    await lab.clock.advance(mostMs);
    expect(await poll(lab, busy), "…and nothing more when it asks again")
      .toEqual([]);
    await lab.clock.advance(mostMs);
    expect(
      await poll(lab, { ...busy, consumer: "next" }),
      `A poll that gave nothing counts: it holds the partition for claimSec (${CLAIM_SEC} here)`,
    ).toEqual([]);
    expect(await commit(lab, busy, sent.slice(0, 2)), "Who holds it can commit")
      .toHaveStatus(204);
    await lab.clock.advance(mostMs);
    expect(
      await commit(lab, busy, sent),
      "Who has not polled for claimSec has lost it, though it has committed and nobody else has it",
    ).toHaveStatus(409);
    expect(
      await poll(lab, busy),
      "…and is given everything after its last commit again",
    ).toEqual(sent.slice(2));
    await expectAllHeldByOnePoll(lab);
    await expectAllOrNothing(lab);
  });
});

/** A consumer works on all partitions, and asks for more of one record at a time. */
async function expectAllHeldByOnePoll(lab: Lab): Promise<void> {
  const topic = newTopic(lab);
  const send = (key: string) => append(lab, topic, { key, body: key });
  // One in 4^11 that they meet in one partition.
  const keys = Array.from({ length: 12 }, () => lab.random.word(6));
  for (const key of keys) await send(key);
  const reader = { topic, group: "g", consumer: "reader" };
  await poll(lab, reader);
  for (let turn = 0; turn < 2; turn++) {
    for (const key of keys) await send(key);
    await lab.clock.advance(1000 * (CLAIM_SEC - 40));
    expect(await poll(lab, reader, 1), "A consumer that asks for one more")
      .toHaveLength(1);
  }
  expect(
    await poll(lab, { ...reader, consumer: "next" }),
    "…has polled, and keeps each partition that it holds",
  ).toEqual([]);
}

/** Two consumers hold a partition each, and each commits both. */
async function expectAllOrNothing(lab: Lab): Promise<void> {
  const topic = newTopic(lab);
  const sent: Entry[] = [];
  // One in 4^11 that 12 random keys meet in the same one of four partitions.
  for (let index = 0; index < 12; index++) {
    const record = { key: lab.random.word(6), body: `${index}` };
    sent.push(await append(lab, topic, record));
  }
  const readers = ["one", "two"].map((consumer) => ({
    topic,
    group: "g",
    consumer,
  }));
  const held: Entry[] = [];
  for (const reader of readers) {
    const records = await poll(lab, reader, 1);
    expect(records, "max is for all partitions together").toHaveLength(1);
    held.push(...records);
  }
  for (const reader of readers) {
    expect(
      await commit(lab, reader, held),
      "A commit for two partitions, of which its consumer holds one, is refused",
    ).toHaveStatus(409);
  }
  await lab.clock.advance(1000 * (CLAIM_SEC + 1));
  expect(
    sorted(await poll(lab, { topic, group: "g", consumer: "three" })),
    "…and nothing of it counts",
  ).toEqual(sorted(sent));
}

function newTopic(lab: Lab): string {
  return `t-${lab.random.word(8).toLowerCase()}`;
}

function sorted(records: readonly Entry[]): Entry[] {
  // By partition only: within one, the order is looked at.
  return [...records].sort((a, b) => a.partition - b.partition);
}
