import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
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
    const deleted = await lab.on(0).delete(`/links/${alias}`);
    expect(deleted, "DELETE of a link answers 204").toHaveStatus(204);
    for (const instance of lab.instances) {
      const visit = await instance.get(`/${alias}`);
      expect(visit, "A deleted link is gone, on both instances at once")
        .toHaveStatus(410);
    }
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
      "The lifetime of the entry is the smaller of cacheTtlSec and the time left.",
    instances: 2,
  }, async (lab) => {
    const url = freshUrl(lab);
    const expiresAt = new Date(lab.clock.now() + 90_000).toISOString();
    const code = await createLink(lab.on(0), { url, expiresAt });
    await lab.redis.flushAll();
    for (const instance of lab.instances) {
      expectRedirect(await instance.get(`/${code}`), url);
    }
    await lab.clock.advance(90_000);
    for (const instance of lab.instances) {
      const visit = await instance.get(`/${code}`);
      expect(visit, "At expiresAt the link is gone, cached or not")
        .toHaveStatus(410);
    }
  });

  check("02.4e", {
    title: "never lets a slow reader put an old answer over a new one",
    kind: "race",
    hint:
      "Writers SET, readers fill with SET … NX: then the late fill changes nothing.",
    instances: 2,
  }, async (lab) => {
    const alias = `race-${lab.random.word(8)}`;
    const url = freshUrl(lab);
    const [reader, writer] = [lab.on(0), lab.on(1)];

    using reading = lab.holdNext(reader, "postgres", /./);
    const visit = reader.get(`/${alias}`);
    await reading.reached;
    using filling = lab.holdNext(reader, "redis", /./);
    reading.release();
    await filling.reached;
    await createLink(writer, { url, alias });
    filling.release();
    await visit;

    for (const instance of lab.instances) {
      expectRedirect(await instance.get(`/${alias}`), url);
    }
  });
});
