import { describe } from "@std/testing/bdd";
import { type Answer, check, databasesHolding, expect } from "@lab";
import { createLink, expectRedirect, freshUrl } from "./links.ts";

describe("02.7 Sharding", () => {
  check("02.7a", {
    title: "puts each link into exactly one shard, by its code",
    kind: "pg",
    hint:
      "Hash the code to one of the sorted shard ids; the same code must lead to the same shard everywhere.",
    instances: 2,
    shards: 4,
  }, async (lab) => {
    const urls = Array.from({ length: 80 }, () => freshUrl(lab));
    const codes: string[] = [];
    for (const [index, url] of urls.entries()) {
      codes.push(await createLink(lab.on(index), { url }));
    }
    // By its address: a code may be stored as a number.
    const found = await databasesHolding(lab, urls);
    for (const [index, code] of codes.entries()) {
      const holders = found.get(urls[index]!)!;
      expect(
        holders.length,
        `Each link is in exactly one database; ${code} is in ${
          holders.join(", ") || "none"
        }`,
      ).toBe(1);
    }
    const used = new Set([...found.values()].flat());
    expect([...used].sort(), "All four shards are used, and only they")
      .toEqual(["s0", "s1", "s2", "s3"]);
    await lab.redis.flushAll();
    const { wire } = await lab.count(async () => {
      for (const [index, code] of codes.entries()) {
        expectRedirect(await lab.on(index + 1).get(`/${code}`), urls[index]!);
      }
    });
    expect(
      wire.postgres.messages,
      "The code says where to ask: 80 visits past the cache cost at most 80 SQL",
    ).toBeLessThanOrEqual(codes.length);
  });

  check("02.7b", {
    title: "loses only the links of the shard that is away",
    kind: "fault",
    hint:
      "A query to a dead shard waits for ever: race it with a deadline and answer 503 with Retry-After.",
    instances: 2,
    shards: 4,
    timeoutMs: 30_000,
  }, async (lab) => {
    const urlOf = new Map<string, string>();
    for (let made = 0; made < 40; made++) {
      const url = freshUrl(lab);
      urlOf.set(await createLink(lab.on(made), { url }), url);
    }
    const found = await databasesHolding(lab, urlOf.values());
    await lab.redis.flushAll();

    const outage = lab.blackhole({ shard: "s1" });
    const codes = [...urlOf.keys()];
    const [visits, creations] = await Promise.all([
      lab.burst(
        codes.length,
        (index) => lab.on(index).get(`/${codes[index]}`),
      ),
      // 16 links for four shards: one time in a hundred all are for the other three.
      lab.burst(16, (index) =>
        lab.on(index).post("/links", {
          url: freshUrl(lab),
          alias: `new-${lab.random.word(8)}`,
        })),
    ]);
    if (outage.hits === 0) lab.inconclusive("Nobody asked the lost shard");
    for (const [index, visit] of visits.entries()) {
      const url = urlOf.get(codes[index]!)!;
      if (!found.get(url)!.includes("s1")) {
        expectRedirect(visit, url);
        continue;
      }
      expect(visit, "A link of the lost shard answers 503, not silence")
        .toHaveStatus(503);
      expectShardUnavailable(visit);
    }
    for (const creation of creations) {
      expect(creation, "A new link is made, or its shard is away")
        .toHaveStatus(201, 503);
      if (creation.status === 503) expectShardUnavailable(creation);
    }
    outage.heal();
    for (const [code, url] of urlOf) {
      await lab.eventually(async () => {
        expectRedirect(await lab.get(`/${code}`), url);
      });
    }
  });
});

function expectShardUnavailable(answer: Answer): void {
  expect(answer.json?.code, "A 503 says that a shard is away")
    .toBe("shard_unavailable");
  expect(answer.headers.get("retry-after"), "…and when to come back")
    .toMatch(/^\d+$/);
}
