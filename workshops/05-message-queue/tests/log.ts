/** Words for the log: topics, groups and their consumers. */
import {
  type Answer,
  expect,
  type HistoryRecorder,
  type LogInput,
  type LogOutput,
  type Requester,
} from "@lab";

export interface Entry {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly body: string;
}

export interface Reader {
  readonly topic: string;
  readonly group: string;
  readonly consumer: string;
}

export type LogHistory = HistoryRecorder<LogInput<string>, LogOutput<string>>;

export async function append(
  system: Requester,
  topic: string,
  record: { readonly key: string; readonly body: string },
): Promise<Entry> {
  const answer = await system.post(`/topics/${topic}`, record);
  expect(answer, "A record is taken with 201").toHaveStatus(201);
  const { partition, offset } = answer.json ?? {};
  expect(
    Number.isInteger(partition) && Number.isInteger(offset),
    "…and its partition and offset are whole numbers",
  ).toBe(true);
  return { ...record, partition, offset };
}

export async function poll(
  system: Requester,
  reader: Reader,
  max = 1000,
): Promise<Entry[]> {
  return recordsOf(await sendPoll(system, reader, max));
}

export function sendPoll(
  system: Requester,
  { topic, group, consumer }: Reader,
  max = 1000,
): Promise<Answer> {
  const path = `/topics/${topic}/groups/${group}/poll`;
  return system.post(path, { consumer, max });
}

export function recordsOf(answer: Answer): Entry[] {
  expect(answer, "Poll answers 200, with records or without")
    .toHaveStatus(200);
  expect(answer.json?.records, "…and a list of records")
    .toBeInstanceOf(Array);
  return answer.json.records;
}

/** Commits the last of these records in each partition. */
export function commit(
  system: Requester,
  { topic, group, consumer }: Reader,
  records: readonly Entry[],
): Promise<Answer> {
  const offsets = Object.fromEntries(
    records.map(({ partition, offset }) => [partition, offset]),
  );
  const path = `/topics/${topic}/groups/${group}/commit`;
  return system.post(path, { consumer, offsets });
}

export function byPartition(records: readonly Entry[]): Map<number, Entry[]> {
  return Map.groupBy(records, ({ partition }) => partition);
}
