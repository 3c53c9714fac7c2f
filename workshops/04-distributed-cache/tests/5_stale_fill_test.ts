import { describe } from "@std/testing/bdd";
import { check, type Lab } from "@lab";
import {
  expectEverywhere,
  expectItem,
  freshId,
  freshValue,
  putItem,
} from "./items.ts";

const WAITS_FOR_NOBODY = {
  rule: "A write waits for nobody who is held up",
};

describe("04.5 Stale fill", () => {
  check("04.5a", {
    title: "aside: a slow reader never puts an old value over a new one",
    kind: "race",
    hint:
      "A deleted entry remembers nothing. Leave something behind from which the late fill can tell that it is late.",
    instances: 2,
    config: { mode: "aside" },
  }, async (lab) => {
    const [id, old, value] = [freshId(lab), freshValue(lab), freshValue(lab)];
    const [reader, writer] = [lab.on(0), lab.on(1)];
    await putItem(writer, id, old);
    await lab.redis.flushAll();

    using reading = lab.holdNext(reader, "postgres", /./);
    const read = reader.get(`/items/${id}`);
    await reading.reached;
    using filling = lab.holdNext(reader, "redis", /./);
    reading.release();
    await filling.reached;
    await putItem(writer, id, value, WAITS_FOR_NOBODY);
    filling.release();
    await read;

    await expectEverywhere(
      lab,
      { id, value },
      "A read had the old value in hand, the item was written, the read filled the cache: the new value is served",
    );
  });

  check("04.5b", {
    title: "write-through: a slow writer never puts its value over a newer one",
    kind: "race",
    hint:
      "Two writers reach Postgres in one order and Redis in the other: let the entry say which version it is.",
    instances: 2,
    config: { mode: "write_through" },
  }, async (lab) => {
    const [id, first, second] = [
      freshId(lab),
      freshValue(lab),
      freshValue(lab),
    ];
    const [slow, fast] = [lab.on(0), lab.on(1)];
    await putItem(fast, id, freshValue(lab));

    using storing = lab.holdNext(slow, "postgres", /./);
    const writing = putItem(slow, id, first);
    await storing.reached;
    using caching = lab.holdNext(slow, "redis", /./);
    storing.release();
    await caching.reached;
    await putItem(fast, id, second, WAITS_FOR_NOBODY);
    caching.release();
    await writing;

    await expectEverywhere(
      lab,
      { id, value: second },
      "A wrote to Postgres, B wrote to both, A reached the cache last: B's value is the newer one and is served",
    );
  });

  check("04.5c", {
    title: "shows no reader the old value once a write has answered",
    kind: "race",
    hint:
      "Correct the cache after Postgres, not before: in between, a reader fills it with what is about to be old. And who waits for another's query must know that it began after the write.",
    instances: 2,
    config: { mode: "aside" },
  }, async (lab) => {
    const [id, old, value] = [freshId(lab), freshValue(lab), freshValue(lab)];
    const [writer, reader] = [lab.on(0), lab.on(1)];
    await putItem(writer, id, old);
    await lab.get(`/items/${id}`);

    using storing = lab.holdNext(writer, "postgres", /./);
    const writing = putItem(writer, id, value);
    await storing.reached;
    await reader.get(`/items/${id}`);
    storing.release();
    await writing;

    await expectEverywhere(
      lab,
      { id, value },
      "An item was read while its write was on the way to Postgres: after the write the new value is served",
    );

    await lab.redis.flushAll();
    await expectReadAfterWrite(lab, id, "the old one");
    await expectReadAfterWrite(lab, freshId(lab), "that there is none");
  });
});

/** One who has asked before the write is still waiting for the answer of Postgres when another one asks after it. */
async function expectReadAfterWrite(
  lab: Lab,
  id: string,
  onItsWay: string,
): Promise<void> {
  const [writer, reader] = [lab.on(0), lab.on(1)];
  const value = freshValue(lab);
  using asking = lab.holdNextReply(reader, "postgres", /./);
  const early = reader.get(`/items/${id}`);
  await asking.reached;
  await putItem(writer, id, value);
  const late = reader.get(`/items/${id}`);
  // It has looked into the cache when these have.
  for (let turn = 0; turn < 2; turn++) {
    await reader.get(`/items/${freshId(lab)}`);
  }
  asking.release();
  await early;
  expectItem(
    await late,
    { id, value },
    `Who asks after the write has answered gets the new value, although ${onItsWay} was on its way to somebody who asked before`,
  );
}
