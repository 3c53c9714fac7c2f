/** Words that several stages use: writing and reading entries, one or many. */
import {
  type Answer,
  expect,
  type Instance,
  type Lab,
  type Requester,
} from "@lab";

/** Writes an entry that must not exist. */
export async function create(
  system: Requester,
  key: string,
  value: string,
): Promise<void> {
  const answer = await system.put(`/kv/${key}`, { value });
  expect(answer, "PUT of a new key answers 201").toHaveStatus(201);
  expect(versionWritten(answer), "…and that its version is 1").toBe(1);
}

/** Writes an entry that exists. Gives the version that it is said to have now. */
export async function replace(
  system: Requester,
  key: string,
  value: string,
): Promise<number> {
  const answer = await system.put(`/kv/${key}`, { value });
  expect(answer, "PUT of a key that exists answers 200").toHaveStatus(200);
  return versionWritten(answer);
}

/** What a PUT says it has written. */
export function versionWritten(answer: Answer): number {
  const version = answer.json?.version;
  expect(answer.headers.get("etag"), "ETag of a PUT is its version, quoted")
    .toBe(`"${version}"`);
  return version;
}

/** Whoever asks finds this value, in this version. */
export function expectEntry(
  answer: Answer,
  { value, version }: { readonly value: string; readonly version: number },
  rule: string,
): void {
  expect(answer, rule).toHaveStatus(200);
  expect(answer.json, rule).toEqual({ value, version });
  expect(answer.headers.get("etag"), "ETag is the version, quoted")
    .toBe(`"${version}"`);
}

/** `count` keys that nobody has used, with a value each. */
export function freshEntries(lab: Lab, count: number): Map<string, string> {
  return new Map(
    Array.from(
      { length: count },
      () => [`key-${lab.random.word(12)}`, lab.random.word(8)],
    ),
  );
}

/** Creates them, some at a time, in turns on all instances. */
export async function createAll(
  lab: Lab,
  entries: ReadonlyMap<string, string>,
): Promise<void> {
  await eachOf(
    [...entries],
    ([key, value], index) => create(lab.on(index), key, value),
  );
}

/** What one instance says about each of them: value and version, or the status. */
export async function readAll(
  instance: Instance,
  keys: readonly string[],
): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  await eachOf(keys, async (key) => {
    const answer = await instance.get(`/kv/${key}`);
    found.set(key, answer.status === 200 ? answer.json : answer.status);
  });
  return found;
}

/** Eight at a time. */
export async function eachOf<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
