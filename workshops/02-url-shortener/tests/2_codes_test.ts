import { describe } from "@std/testing/bdd";
import { type Answer, check, expect } from "@lab";
import { createLink, expectRedirect, freshUrl } from "./links.ts";

const LINKS = 1500;
/** So few at once that on a busy machine, too, none waits a second for its turn at the database. */
const WAVE = 20;
const ALPHABET =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("02.2 Codes that never meet", () => {
  check("02.2a", {
    title: "gives no code twice, over two instances and a crash",
    kind: "pg",
    hint:
      "A counter in the process repeats itself elsewhere. Lease a range of numbers from Postgres.",
    instances: 2,
    timeoutMs: 30_000,
  }, async (lab) => {
    const createWave = () =>
      lab.burst(
        WAVE,
        (index) => lab.on(index).post("/links", { url: freshUrl(lab) }),
      );
    const answers: Answer[] = [];
    for (let sent = 0; sent < LINKS; sent += WAVE) {
      const wave = createWave();
      if (sent === 700) {
        await lab.on(1).kill();
        await wave;
        await lab.on(1).restart();
      }
      answers.push(...await wave);
    }
    const created = answers.filter(({ status }) => status !== 0);
    for (const answer of created) {
      expect(answer, "Every POST /links creates a link").toHaveStatus(201);
    }
    const codes = created.map((answer) => answer.json.code);
    const misfits = codes.filter((code) => !/^[0-9A-Za-z]{7}$/.test(code));
    expect(misfits, "Codes are 7 characters of 0-9A-Za-z").toEqual([]);
    expect(
      codes.filter((code, index) => codes.indexOf(code) !== index),
      `No code is given twice among ${LINKS}`,
    ).toEqual([]);
  });

  check("02.2b", {
    title: "does not let a visitor guess the next link",
    kind: "pg",
    hint:
      "Numbers in order can be counted through. Map them by a bijection of the whole space.",
  }, async (lab) => {
    const codes: string[] = [];
    for (let made = 0; made < 100; made++) {
      codes.push(await createLink(lab, { url: freshUrl(lab) }));
    }
    const inOrder = codes.slice(1)
      .filter((code, index) => areNeighbours(code, codes[index]!));
    expect(
      inOrder.length,
      "At most 5 of 100 links made in a row differ from the one before in one character only",
    ).toBeLessThanOrEqual(5);

    const guesses = await lab.burst(100, (index) => {
      const known = lab.random.pick(codes);
      const at = lab.random.integer(0, known.length - 1);
      return lab.get(`/${changedAt(known, at, index % 2 === 0 ? 1 : -1)}`);
    });
    expect(
      guesses.filter(({ status }) => status !== 404).length,
      "At most 5 of 100 guesses next to a known code hit a link",
    ).toBeLessThanOrEqual(5);
  });

  check("02.2c", {
    title: "acknowledges a link only once it would survive a crash",
    kind: "pg",
    hint:
      "Answer 201 when the INSERT is done, not when it is sent; keep nothing in the process alone.",
    instances: 2,
  }, async (lab) => {
    const [doomed, other] = [lab.on(0), lab.on(1)];
    const url = freshUrl(lab);
    const kept = await createLink(doomed, { url });

    const posted = freshUrl(lab);
    // Whatever stores the link brings its address, if not under one of these names.
    const storing = new RegExp(
      `insert|merge|copy|${new URL(posted).pathname.slice(1)}`,
      "i",
    );
    using inserting = lab.holdNext(doomed, "postgres", storing);
    const creation = doomed.post("/links", { url: posted });
    await inserting.reached;
    await doomed.get("/nobody9");
    await doomed.kill();
    const { status } = await creation;
    expect(status, "While the INSERT is on its way there is no 201 yet")
      .not.toBe(201);

    await doomed.restart();
    for (const instance of [doomed, other]) {
      expectRedirect(await instance.get(`/${kept}`), url);
    }
  });

  check("02.2d", {
    title: "sets up its tables, however many instances start at once",
    kind: "pg",
    hint:
      "CREATE TABLE IF NOT EXISTS looks first and creates then; two can look at the same moment.",
    instances: 2,
  }, async (lab) => {
    await createLink(lab, { url: freshUrl(lab) });
    await lab.setUpTogether();
    const url = freshUrl(lab);
    const code = await createLink(lab.on(0), { url });
    expectRedirect(await lab.on(1).get(`/${code}`), url);
  });
});

/** Only one character is another: "aaY" and "aaZ", in whatever alphabet and from whichever end. */
function areNeighbours(left: string, right: string): boolean {
  const changed = [...left].filter((character, at) => character !== right[at]);
  return changed.length === 1;
}

/** One up or down in one character: "aaZ" and "aaa". */
function changedAt(code: string, at: number, step: 1 | -1): string {
  const moved = ALPHABET[(ALPHABET.indexOf(code[at]!) + step + 62) % 62];
  return code.slice(0, at) + moved + code.slice(at + 1);
}
