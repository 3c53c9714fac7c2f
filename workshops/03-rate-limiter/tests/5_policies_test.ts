import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  hasCome,
  type Lab,
  type Requester,
} from "@lab";
import {
  ask,
  askTimes,
  countingStore,
  freshClient,
  setPolicy,
  untilApplied,
} from "./gateway.ts";

const POLICY = { algorithm: "fixed", limit: 3, windowSec: 3600 };

describe("03.5 Policies in Postgres", () => {
  check("03.5a", {
    title: "lets an edit on one instance take effect on the other",
    kind: "pg",
    hint:
      "Each instance asks Postgres for news (or listens for NOTIFY), also about policies that it knows already.",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, POLICY);
    for (const limit of [7, 2]) {
      await edit(lab.on(0), "default", { ...POLICY, limit });
      for (const instance of lab.instances) {
        await untilApplied(lab, instance, { name: "default", limit });
      }
    }
    const created = await lab.on(1).put("/policies/search", POLICY);
    expect(created, "A new policy may come from any instance")
      .toHaveStatus(201);
    await untilApplied(lab, lab.on(0), { name: "search", limit: 3 });
  });

  check("03.5b", {
    title: "still knows its policies when everything has been restarted",
    kind: "pg",
    hint:
      "Postgres holds the policies; Redis may come back empty. Read them before you answer the first request.",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, POLICY);
    await edit(lab.on(0), "default", { ...POLICY, limit: 5 });
    await Promise.all(lab.instances.map((instance) => instance.kill()));
    await lab.restart("redis");
    await Promise.all(lab.instances.map((instance) => instance.restart()));
    for (const instance of lab.instances) {
      const answer = await ask(instance, { client: freshClient(lab) });
      expect(
        answer.headers.get("ratelimit-policy"),
        "The first request after the restart is under the edited policy",
      ).toBe('"default";q=5;w=3600');
    }
  });

  check("03.5c", {
    title: "never goes by half a policy, wherever it crashes",
    kind: "fault",
    hint:
      "One statement, or one transaction, for the whole policy; 200 only after the commit.",
    timeoutMs: 120_000,
  }, async (lab) => {
    const limit = lab.random.integer(2, 50);
    const halves = { old: `q=${limit};w=60`, new: `q=${limit + 50};w=3600` };
    const edits = new Map<number, { name: string; isAnswered: boolean }>();
    await lab.crashSweep({
      before: async (point) => {
        const name = `p-${point}-${lab.random.word(6).toLowerCase()}`;
        edits.set(point, { name, isAnswered: false });
        await setPolicy(lab, { ...POLICY, limit, windowSec: 60 }, name);
      },
      operation: async (point) => {
        const made = edits.get(point)!;
        const policy = { ...POLICY, limit: limit + 50 };
        const answer = await edit(lab, made.name, policy);
        made.isAnswered = answer.outcome === "ok";
      },
      verify: async ({ index, side, message }) => {
        const { name, isAnswered } = edits.get(index)!;
        const where = `Killed ${side} ${message} of an edit`;
        const request = { client: freshClient(lab), path: `/api/${name}` };
        const applied = (await ask(lab, request)).headers
          .get("ratelimit-policy")?.replace(/^"[^"]*";/, "");
        expect(
          isAnswered ? [halves.new] : [halves.old, halves.new],
          `${where}: the policy is ${
            isAnswered ? "the new one" : "the old or the new one"
          }, whole`,
        ).toContain(applied);
        const { json } = await lab.get(`/policies/${name}`);
        expect(
          `q=${json?.limit};w=${json?.windowSec}`,
          `${where}: GET shows the policy that is applied`,
        ).toBe(applied);
      },
    });
  });

  check("03.5d", {
    title: "lets exactly one of many edits win",
    kind: "race",
    hint:
      "UPDATE … WHERE name = … AND version = … RETURNING: the database compares and writes in one step.",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, POLICY);
    const { headers } = await lab.on(0).get("/policies/default");
    const ifMatch = { headers: { "if-match": headers.get("etag") ?? "" } };
    const answers = await lab.holdWrites(
      "both",
      () =>
        lab.burst(20, (index) =>
          lab.on(index).put(
            "/policies/default",
            { ...POLICY, limit: 100 + index },
            ifMatch,
          )),
    );
    expect(
      answers.statuses,
      "Of 20 edits that started from the same version 1 is taken, 19 hear 412",
    ).toEqual({ 200: 1, 412: 19 });
    const winner = answers.findIndex(({ status }) => status === 200);
    for (const instance of lab.instances) {
      const limit = 100 + winner;
      const { json } = await instance.get("/policies/default");
      expect(json?.limit, "The winner's edit is what is stored").toBe(limit);
      await untilApplied(lab, instance, { name: "default", limit });
    }
  });

  check("03.5e", {
    title: "asks an editor what they have read",
    kind: "api",
    hint:
      "Without If-Match a PUT may only create (else 428); with it the ETag must be the current one (else 412).",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, POLICY, "search");
    const created = await lab.holdWrites(
      "both",
      () =>
        lab.burst(
          10,
          (index) => lab.on(index).put("/policies/default", POLICY),
        ),
    );
    expect(created.statuses, "Of 10 that create a policy 1 does, 9 hear 428")
      .toEqual({ 201: 1, 428: 9 });
    const [winner] = created.withStatus(201);
    const first = winner!.headers.get("etag");
    expect(first, "A created policy has an ETag").toMatch(/^"[^"]+"$/);

    const stored = await lab.on(1).get("/policies/default");
    expect(stored.headers.get("etag"), "GET gives the same ETag").toBe(first);
    const edited = await edit(lab.on(1), "default", { ...POLICY, limit: 4 });
    expect(edited, "An edit with the current ETag is taken").toHaveStatus(200);
    expect(edited.headers.get("etag"), "…and gives a new one").not.toBe(first);

    const rows: [name: string, ifMatch: string, rule: string][] = [
      ["default", first!, "The ETag of before the edit is outdated"],
      ["default", '"nonsense"', "An ETag that was never given fits nothing"],
      ["nobody", '"1"', "There is nothing to edit"],
    ];
    for (const [name, ifMatch, rule] of rows) {
      const answer = await lab.put(`/policies/${name}`, POLICY, {
        headers: { "if-match": ifMatch },
      });
      expect(answer, rule).toHaveStatus(412);
      expect(answer.json?.code, rule).toBe("precondition_failed");
    }
    const blind = await lab.put("/policies/default", POLICY);
    expect(blind.json?.code, "Without If-Match nothing is overwritten")
      .toBe("precondition_required");
  });

  check("03.5f", {
    title: "goes on counting clients when their policy changes its algorithm",
    kind: "redis",
    hint:
      "Another algorithm remembers something of another shape (WRONGTYPE); put the algorithm into the key.",
    instances: 2,
  }, async (lab) => {
    const client = freshClient(lab);
    await setPolicy(lab, { ...POLICY, limit: 1 });
    const algorithms = ["sliding_log", "token_bucket", "fixed"];
    for (const [step, algorithm] of algorithms.entries()) {
      const limit = 4 + step;
      await edit(lab.on(step), "default", { ...POLICY, algorithm, limit });
      for (const instance of lab.instances) {
        await untilApplied(lab, instance, { name: "default", limit });
      }
      const statuses: Record<number, number> = {};
      for (let sent = 0; sent < 2 * limit + 2; sent++) {
        const { status } = await ask(lab.on(sent), { client });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
      const rule = `The policy becomes ${algorithm}`;
      const passed = statuses[200] ?? 0;
      expect(statuses, `${rule}: nobody hears an error`)
        .toEqual({ 200: passed, 429: 2 * limit + 2 - passed });
      expect(passed, `${rule}: the client is served`).toBeGreaterThan(0);
      expect(passed, `${rule}: at most ${limit} pass, on both instances`)
        .toBeLessThanOrEqual(limit);
    }
  });

  check("03.5g", {
    title: "sets up its table, however many instances start at once",
    kind: "pg",
    hint:
      "CREATE TABLE IF NOT EXISTS looks first and creates then; two can look at the same moment.",
    instances: 2,
  }, async (lab) => {
    const policy = { algorithm: "fixed", limit: 2, windowSec: 3600 };
    await setPolicy(lab, policy);
    await lab.setUpTogether();
    await setPolicy(lab, policy);
  });

  check("03.5h", {
    title: "never goes back to a policy of before",
    kind: "race",
    hint:
      "What was read first may arrive last. Keep the version with the policy, and let only a higher one replace it.",
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    const [a, b] = [lab.on(0), lab.on(1)];
    await setPolicy(lab, POLICY);
    // A reads on its own account, or because it hears of B's edit. What it has read is on its way.
    using late = lab.holdNextReply(a, "postgres", SELECT);
    await edit(b, "default", { ...POLICY, limit: 5 });
    if (!await hasCome(late)) late.release(); // Nothing was read at all, so nothing can be late.
    const { headers } = await b.get("/policies/default");
    const newest = a.put("/policies/default", { ...POLICY, limit: 7 }, {
      headers: { "if-match": headers.get("etag") ?? "" },
    });
    // Who reads one thing after the other has an answer for us only when the late one is here.
    await answeredMeanwhile(lab, newest) || late.release();
    expect(await newest, "An edit is taken while an older answer is on its way")
      .toHaveStatus(200);
    await untilApplied(lab, a, { name: "default", limit: 7 });

    // A begins to read again when it is done with what came late, and is not to mend it before we have looked.
    using again = lab.holdNext(a, "postgres", SELECT);
    late.release();
    await b.put("/policies/search", POLICY);
    if (!await hasCome(again)) again.release();
    const { headers: told } = await ask(a, { client: freshClient(lab) });
    expect(
      told.get("ratelimit-policy"),
      "A has read limit 3 or 5, has taken the edit to 7, and then hears what it had read: it stays with 7",
    ).toBe('"default";q=7;w=3600');
  });

  check("03.5i", {
    title: "locks nobody out whose bucket has become smaller",
    kind: "redis",
    hint:
      "What is missing from the old bucket may take a day to come back. More than a whole bucket of the new policy is never missing.",
    instances: 2,
  }, async (lab) => {
    const policy = { algorithm: "token_bucket", limit: 8, windowSec: 86_400 };
    await setPolicy(lab, policy);
    const client = freshClient(lab);
    await askTimes(lab, 8, { client });
    await edit(lab.on(0), "default", { ...policy, limit: 4, windowSec: 600 });
    for (const instance of lab.instances) {
      await untilApplied(lab, instance, { name: "default", limit: 4 });
    }
    await lab.clock.advance(3 * 600_000);
    const answers = await askTimes(lab, 6, { client });
    expect(
      answers.map(({ status }) => status),
      "Three windows of the new policy later nothing of before the edit counts: 4 pass, not one more",
    ).toEqual([200, 200, 200, 200, 429, 429]);
  });

  check("03.5j", {
    title: "lets no request wait for Postgres",
    kind: "pg",
    hint:
      "A request goes by what its instance knows. Reading again is for a loop or a notification, not for the request that finds the copy too old.",
  }, async (lab) => {
    await setPolicy(lab, POLICY);
    const store = await countingStore(lab, "/api/x");
    if (store === "postgres") return; // There each decision is a query.
    async function expectServed() {
      expect(
        await ask(lab, { client: freshClient(lab) }),
        "While a query is held on its way to Postgres requests are served",
      ).toHaveStatus(200);
    }
    // Who polls has a query soon; who listens has none, and nothing is held.
    using query = lab.holdNext(lab.on(0), "postgres", SELECT);
    let isOver = false;
    hasCome(query).then(() => isOver = true);
    while (!isOver) await expectServed();
    await expectServed();
  });
});

const SELECT = /\bselect\b/i;

/** Whether an answer comes within 1 s. */
async function answeredMeanwhile(
  lab: Lab,
  answer: Promise<Answer>,
): Promise<boolean> {
  let isAnswered = false;
  answer.then(() => isAnswered = true);
  await lab.eventually(() => {
    if (!isAnswered) throw new Error("Not answered yet");
  }, { withinMs: 1_000 }).catch(() => {});
  return isAnswered;
}

/** Reads the policy and puts another in its place. */
async function edit(
  system: Requester,
  name: string,
  policy: Readonly<Record<string, unknown>>,
) {
  const { headers } = await system.get(`/policies/${name}`);
  return system.put(`/policies/${name}`, policy, {
    headers: { "if-match": headers.get("etag") ?? "" },
  });
}
