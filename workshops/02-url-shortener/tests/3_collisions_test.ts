import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import { createLink, expectRedirect, freshUrl } from "./links.ts";

describe("02.3 Collisions and aliases", () => {
  check("02.3a", {
    title: "gives an alias to exactly one of twenty",
    kind: "race",
    hint:
      "Looking first leaves a gap. Let the unique index decide: INSERT … ON CONFLICT DO NOTHING.",
    instances: 2,
  }, async (lab) => {
    const alias = `sale-${lab.random.word(6)}`;
    const urls = Array.from({ length: 20 }, () => freshUrl(lab));
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(
          20,
          (index) => lab.on(index).post("/links", { url: urls[index], alias }),
        ),
    );
    expect(
      answers.statuses,
      "Of 20 requests for one alias exactly 1 gets it, the others hear 409",
    ).toEqual({ 201: 1, 409: 19 });
    for (const refused of answers.withStatus(409)) {
      expect(refused.json?.code, "A taken alias says so").toBe("alias_taken");
    }
    const winner = answers.findIndex(({ status }) => status === 201);
    for (const instance of lab.instances) {
      expectRedirect(await instance.get(`/${alias}`), urls[winner]!);
    }
  });

  check("02.3b", {
    title: "keeps its promise when codes run into each other",
    kind: "race",
    hint:
      "With 3,844 codes, 500 random ones collide about 32 times: try another code until the INSERT is taken.",
    instances: 2,
    config: { codeLength: 2 },
    timeoutMs: 30_000,
  }, async (lab) => {
    const links: { readonly url: string; readonly code: string }[] = [];
    for (let wave = 0; wave < 10; wave++) {
      const urls = Array.from({ length: 50 }, () => freshUrl(lab));
      const answers = await lab.burst(
        50,
        (index) => lab.on(index).post("/links", { url: urls[index] }),
      );
      expect(answers.statuses, "Every link is created").toEqual({ 201: 50 });
      for (const [index, { json }] of answers.entries()) {
        links.push({ url: urls[index]!, code: json.code });
      }
    }
    expect(
      new Set(links.map(({ code }) => code)).size,
      "500 links have 500 codes",
    ).toBe(500);
    for (let start = 0; start < links.length; start += 50) {
      const wave = links.slice(start, start + 50);
      const answers = await lab.burst(
        50,
        (index) => lab.get(`/${wave[index]!.code}`),
      );
      for (const [index, { url }] of wave.entries()) {
        expectRedirect(answers[index]!, url);
      }
    }
  });

  check("02.3c", {
    title: "never lets an alias and a generated code share a name",
    kind: "pg",
    hint:
      "Aliases and codes live in one name space: one table, one unique index.",
    instances: 2,
  }, async (lab) => {
    const url = freshUrl(lab);
    const code = await createLink(lab.on(0), { url });
    const taken = await lab.on(1).post("/links", {
      url: freshUrl(lab),
      alias: code,
    });
    expect(taken, "An alias equal to a code given out is taken")
      .toHaveStatus(409);
    expectRedirect(await lab.on(1).get(`/${code}`), url);
  });

  check("02.3d", {
    title: "takes another code when the next one is somebody's alias",
    kind: "pg",
    hint:
      "The unique index says no to a generated code, too: take the next one and try again.",
  }, async (lab) => {
    const codes: string[] = [];
    for (let made = 0; made < 10; made++) {
      codes.push(await createLink(lab, { url: freshUrl(lab) }));
    }
    await beginAnew(lab);

    const urlOf = new Map<string, string>();
    const create = async (body: { readonly alias?: string }) => {
      const url = freshUrl(lab);
      urlOf.set(await createLink(lab, { url, ...body }), url);
    };
    // Every other one: the code after a taken one is free.
    const aliases = codes.filter((_, index) => index % 2 === 0);
    for (const alias of aliases) await create({ alias });
    for (let made = 0; made < 10; made++) await create({});
    expect(urlOf.size, "Aliases and generated codes are all different")
      .toBe(aliases.length + 10);
    for (const [code, url] of urlOf) {
      expectRedirect(await lab.get(`/${code}`), url);
    }
  });
});

/** Restarts the system on empty stores: whoever counts comes to the same codes again. */
async function beginAnew(lab: Lab): Promise<void> {
  await lab.on(0).kill();
  const made = await lab.sql<{ statement: string }[]>`
    SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', schemaname, tablename) AS statement
    FROM pg_tables WHERE schemaname = 'app'
    UNION ALL
    SELECT format('DROP SEQUENCE IF EXISTS %I.%I CASCADE', schemaname, sequencename)
    FROM pg_sequences WHERE schemaname = 'app'`;
  for (const { statement } of made) await lab.sql.unsafe(statement);
  await lab.redis.flushAll();
  await lab.on(0).restart();
}
