import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
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
});
