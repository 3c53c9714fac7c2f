import { describe } from "@std/testing/bdd";
import { type Answer, type Answers, check, expect, type Lab } from "@lab";
import {
  create,
  expectEntry,
  freshEntries,
  replace,
  versionWritten,
} from "./entries.ts";
import { type Client, registerHistory } from "./register_history.ts";

const RIVALS = 20;
const KEYS = 8;
const ROUNDS = 6;
const WRITERS = 3;

describe("01.5 Optimistic locking", () => {
  check("01.5a", {
    title: "writes only over the version that the caller has read",
    kind: "api",
    hint: "WHERE key = … AND version = …: no row means 412.",
    instances: 2,
  }, async (lab) => {
    const { key, value } = await freshEntry(lab);
    await replace(lab.on(1), key, `${value}-2`);
    for (const etag of ['"1"', '"3"', '"0"', '"x"']) {
      const answer = await putIf(lab, { on: 0, key, value: "lost", etag });
      expect(answer, `If-Match ${etag}, and the version is 2: 412`)
        .toHaveStatus(412);
      expect(answer.json?.code, "…precondition_failed")
        .toBe("precondition_failed");
    }
    const missing = `no-${key}`;
    expect(
      await putIf(lab, { on: 0, key: missing, value: "lost", etag: '"1"' }),
      "If-Match on a key that does not exist: 412",
    ).toHaveStatus(412);
    expect(await lab.get(`/kv/${missing}`), "…and it still does not")
      .toHaveStatus(404);
    for (const instance of lab.instances) {
      expectEntry(
        await instance.get(`/kv/${key}`),
        { value: `${value}-2`, version: 2 },
        "A 412 has changed nothing",
      );
    }
    const answer = await putIf(lab, { on: 1, key, value: "won", etag: '"2"' });
    expect(answer, "If-Match with the current version: 200").toHaveStatus(200);
    expect(versionWritten(answer), "…and the version that it has written")
      .toBe(3);
    for (const instance of lab.instances) {
      expectEntry(
        await instance.get(`/kv/${key}`),
        { value: "won", version: 3 },
        "…and both instances see the write",
      );
    }
  });

  check("01.5b", {
    title: "lets one of twenty rivals win, however the instances race",
    kind: "race",
    hint:
      "All have read version 1 before anybody writes. Let the UPDATE itself compare: one statement, its row count decides.",
    instances: 2,
  }, async (lab) => {
    const { key } = await freshEntry(lab);
    lab.mark();
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(
          RIVALS,
          (index) =>
            putIf(lab, {
              on: index,
              key,
              value: `rival-${index}`,
              etag: '"1"',
            }),
        ),
    );
    expect(
      answers.statuses,
      `Of ${RIVALS} writes over version 1, on two instances at once, 1 is 200`,
    ).toEqual({ 200: 1, 412: RIVALS - 1 });
    const winner = answers.findIndex(({ status }) => status === 200);
    for (const instance of lab.instances) {
      expectEntry(
        await instance.get(`/kv/${key}`),
        { value: `rival-${winner}`, version: 2 },
        "The value is the winner's",
      );
    }
  });

  check("01.5c", {
    title: "keeps all operations on a key in one order",
    kind: "race",
    hint:
      "Two unconditional writes at once must get two versions: version = entries.version + 1 in the upsert itself. And answer a read only after its fill.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const history = registerHistory(lab, "/kv");
    const keys = [...freshEntries(lab, KEYS).keys()];
    await Promise.all(
      keys.map((key) =>
        history.write({ on: 0, name: "first", key }, `first-${key}`)
      ),
    );
    for (let round = 0; round < ROUNDS; round++) {
      const etags = new Map<string, string>();
      await lab.holdWrites(
        "postgres",
        () =>
          eachClient(lab, keys, async (client) => {
            const value = `${client.name}-${round}`;
            const answer = await history.write(client, value);
            expect(answer, "An unconditional write is 200").toHaveStatus(200);
            etags.set(client.key + client.name, answer.headers.get("etag")!);
            return await history.read({ ...client, on: client.on + 1 });
          }),
      );
      const swaps = await lab.holdWrites(
        "postgres",
        () =>
          eachClient(lab, keys, (client) => {
            const expected = `${client.name}-${round}`;
            const etag = etags.get(client.key + client.name)!;
            const headers = { "if-match": etag };
            const value = `${expected}-swapped`;
            return history.swap(client, { expected, value }, headers);
          }),
      );
      expect(
        swaps.statuses,
        `Of ${WRITERS} who write over what they have just written, on each of ${KEYS} keys, the last one gets 200 and the others 412`,
      ).toEqual({ 200: KEYS, 412: KEYS * (WRITERS - 1) });
      await Promise.all(
        keys.map((key) => history.read({ on: round, name: "reader", key })),
      );
    }
    history.expectLinearizable();
  });
});

/** Three clients for each key, spread over the instances. */
function eachClient(
  lab: Lab,
  keys: readonly string[],
  work: (client: Client) => Promise<Answer>,
): Promise<Answers> {
  const clients = keys.flatMap((key) =>
    Array.from({ length: WRITERS }, (_, on) => ({ on, name: `c${on}`, key }))
  );
  return lab.burst(clients.length, (index) => work(clients[index]!));
}

function putIf(
  lab: Lab,
  { on, key, value, etag }: {
    readonly on: number;
    readonly key: string;
    readonly value: string;
    readonly etag: string;
  },
) {
  const headers = { "if-match": etag };
  return lab.on(on).put(`/kv/${key}`, { value }, { headers });
}

async function freshEntry(lab: Lab) {
  const [[key, value]] = [...freshEntries(lab, 1)] as [[string, string]];
  await create(lab.on(0), key, value);
  return { key, value };
}
