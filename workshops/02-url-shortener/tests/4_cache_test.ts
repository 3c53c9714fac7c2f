import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  type Gate,
  hasCome,
  type Instance,
  type Lab,
  storedRows,
} from "@lab";
import { createLink, expectRedirect, freshUrl } from "./links.ts";

describe("02.4 Redis cache", () => {
  check("02.4a", {
    title: "serves a hot link without asking Postgres",
    kind: "redis",
    hint:
      "Look into Redis first; on a miss read Postgres and keep the answer for cacheTtlSec.",
    instances: 2,
  }, async (lab) => {
    const url = freshUrl(lab);
    const code = await createLink(lab, { url });
    expectRedirect(await lab.get(`/${code}`), url);
    const { wire } = await lab.count(async () => {
      // Not all at once: a Redis that has so much to do may miss a deadline, and then Postgres is asked.
      for (let round = 0; round < 10; round++) {
        const visits = await lab.burst(
          10,
          (index) => lab.on(index).get(`/${code}`),
        );
        for (const visit of visits) expectRedirect(visit, url);
      }
    });
    expect(
      wire.postgres.statements,
      "100 visits to a cached link cost no SQL, whichever instance they reach",
    ).toEqual([]);
  });

  check("02.4b", {
    title: "remembers that a code is unknown, until somebody makes it",
    kind: "redis",
    hint: "Keep the miss too, and overwrite it when the alias is created.",
    instances: 2,
  }, async (lab) => {
    const alias = `soon-${lab.random.word(8)}`;
    const { wire } = await lab.count(async () => {
      for (let visit = 0; visit < 100; visit++) {
        const answer = await lab.on(visit).get(`/${alias}`);
        expect(answer, "An unknown code answers 404").toHaveStatus(404);
      }
    });
    expect(
      wire.postgres.messages,
      "Asking 100 times for the same unknown code costs at most 2 SQL",
    ).toBeLessThanOrEqual(2);

    const url = freshUrl(lab);
    await createLink(lab.on(0), { url, alias });
    for (const instance of lab.instances) {
      expectRedirect(await instance.get(`/${alias}`), url);
    }
  });

  check("02.4c", {
    title: "forgets a deleted link on every instance",
    kind: "redis",
    hint:
      "The write must correct the cache that all instances read; a copy in the process hears of nothing.",
    instances: 2,
  }, async (lab) => {
    const url = freshUrl(lab);
    const alias = `gone-${lab.random.word(8)}`;
    await createLink(lab.on(0), { url, alias });
    for (const instance of lab.instances) {
      expectRedirect(await instance.get(`/${alias}`), url);
    }
    await expectDeleted(lab.on(0), alias);
    for (const instance of lab.instances) {
      const visit = await instance.get(`/${alias}`);
      expect(visit, "A deleted link is gone, on both instances at once")
        .toHaveStatus(410);
    }
    const stats = await lab.on(1).get(`/links/${alias}/stats`);
    expect(stats, "Statistics of a deleted link can still be read")
      .toHaveStatus(200);
    const twice = await lab.on(1).delete(`/links/${alias}`);
    expect(twice, "Deleting it again finds nothing").toHaveStatus(404);
    const taken = await lab.on(1).post("/links", { url, alias });
    expect(taken, "The name of a deleted link is not given out again")
      .toHaveStatus(409);
  });

  check("02.4d", {
    title: "lets no cached link outlive its expiresAt",
    kind: "redis",
    hint:
      "Keep expiresAt in the entry and compare it at each visit: its lifetime begins when Redis gets it.",
    instances: 2,
  }, async (lab) => {
    const url = freshUrl(lab);
    const expiresAt = new Date(lab.clock.now() + 90_100).toISOString();
    const code = await createLink(lab.on(0), { url, expiresAt });
    const other = await createLink(lab.on(0), { url, expiresAt });
    await lab.redis.flushAll();
    for (const instance of lab.instances) {
      expectRedirect(await instance.get(`/${code}`), url);
    }
    const slow = await slowVisit(lab, lab.on(0), other);
    await lab.clock.advance(90_100);
    await slow.goOn();
    for (const instance of lab.instances) {
      expect(
        await instance.get(`/${code}`),
        "At expiresAt the link is gone, cached or not",
      ).toHaveStatus(410);
      expect(
        await instance.get(`/${other}`),
        "…also when it came to the cache too late",
      ).toHaveStatus(410);
    }
    const stats = await lab.on(1).get(`/links/${code}/stats`);
    expect(stats, "Statistics of an expired link can still be read")
      .toHaveStatus(200);
    const deleted = await lab.on(1).delete(`/links/${code}`);
    expect(deleted, "An expired link can still be deleted").toHaveStatus(204);
  });

  check("02.4e", {
    title: "never lets a slow reader put an old answer over a new one",
    kind: "race",
    hint:
      "Writers overwrite, readers fill with SET … NX: then the late fill changes nothing.",
    instances: 2,
  }, async (lab) => {
    const alias = `race-${lab.random.word(8)}`;
    const url = freshUrl(lab);
    const [reader, writer] = [lab.on(0), lab.on(1)];

    const slow = await slowVisit(lab, reader, alias);
    await createLink(writer, { url, alias });
    await slow.goOn();
    for (const instance of lab.instances) {
      expectRedirect(await instance.get(`/${alias}`), url);
    }
  });

  check("02.4f", {
    title: "never lets a deleted link come back, however late others are",
    kind: "race",
    hint:
      'A name goes from unknown to live to gone and never back: DELETE leaves "gone" in its place, and nothing replaces that.',
    instances: 2,
  }, async (lab) => {
    const [late, deleter] = [lab.on(0), lab.on(1)];
    const found = `found-${lab.random.word(8)}`;
    await createLink(deleter, { url: freshUrl(lab), alias: found });
    await lab.redis.flushAll();
    const reader = await slowVisit(lab, late, found);
    await expectDeleted(deleter, found);
    await reader.goOn();

    const made = `made-${lab.random.word(8)}`;
    const creator = await slowCreation(lab, late, made);
    await expectDeleted(deleter, made);
    await creator.goOn();

    // The late one first: its own connection has to bring what was held.
    for (const instance of [late, deleter]) {
      for (const alias of [found, made]) {
        const visit = await instance.get(`/${alias}`);
        expect(visit, "A deleted link stays gone").toHaveStatus(410);
      }
    }
  });
});

/** A request that has done its work in Postgres and is held up on the way to Redis. */
interface SlowRequest {
  goOn(): Promise<void>;
}

async function slowVisit(
  lab: Lab,
  reader: Instance,
  code: string,
): Promise<SlowRequest> {
  const reading = lab.holdNext(reader, "postgres", /./);
  const visit = reader.get(`/${code}`);
  await reading.reached;
  const filling = lab.holdNext(reader, "redis", /./);
  reading.release();
  await filling.reached;
  return heldBy(filling, visit);
}

async function slowCreation(
  lab: Lab,
  creator: Instance,
  alias: string,
): Promise<SlowRequest> {
  const url = freshUrl(lab);
  let held = lab.holdNext(creator, "redis", /./);
  const creation = creator.post("/links", { url, alias });
  await held.reached;
  // What it asks of Redis before the link is stored may pass.
  while (!(await storedRows(lab.sql)).includes(url)) {
    const next = lab.holdNext(creator, "redis", /./);
    held.release();
    held = next;
    if (!await hasCome(next)) break;
  }
  return heldBy(held, creation);
}

function heldBy(gate: Gate, request: Promise<Answer>): SlowRequest {
  return {
    async goOn() {
      gate.release();
      await request;
    },
  };
}

async function expectDeleted(instance: Instance, code: string): Promise<void> {
  const deleted = await instance.delete(`/links/${code}`);
  expect(deleted, "DELETE of a link answers 204").toHaveStatus(204);
}
