import { describe } from "@std/testing/bdd";
import { check, databasesHolding, expect } from "@lab";
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
    const found = await databasesHolding(lab, codes);
    for (const code of codes) {
      expect(
        found.get(code)!.length,
        `Each link is in exactly one database; ${code} is in ${
          found.get(code)
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
    const found = await databasesHolding(lab, [...urlOf.keys()]);
    await lab.redis.flushAll();

    const outage = lab.blackhole({ shard: "s1" });
    const codes = [...urlOf.keys()];
    const visits = await lab.burst(
      codes.length,
      (index) => lab.on(index).get(`/${codes[index]}`),
    );
    if (outage.hits === 0) lab.inconclusive("Nobody asked the lost shard");
    for (const [index, visit] of visits.entries()) {
      const code = codes[index]!;
      if (!found.get(code)!.includes("s1")) {
        expectRedirect(visit, urlOf.get(code)!);
        continue;
      }
      expect(visit, "A link of the lost shard answers 503, not silence")
        .toHaveStatus(503);
      expect(visit.headers.get("retry-after"), "…and when to come back")
        .toMatch(/^\d+$/);
    }
    outage.heal();
    for (const [code, url] of urlOf) {
      await lab.eventually(async () => {
        expectRedirect(await lab.get(`/${code}`), url);
      });
    }
  });
});
