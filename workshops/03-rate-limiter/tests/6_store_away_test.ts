import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type Lab } from "@lab";
import {
  admitted,
  ask,
  countingStore,
  freshClient,
  setPolicy,
  toWindowStart,
} from "./gateway.ts";

const LIMIT = 5;
const WINDOW = { limit: LIMIT, windowSec: 3600 };
const DEADLINE = { storeDeadlineMs: 200 };
/** Five times what the contract allows: only a verdict that waits for the store takes longer. */
const VERDICT_MS = 2_500;

describe("03.6 Store away", () => {
  check("03.6a", {
    title: "fails open: each instance counts alone, and answers in time",
    kind: "fault",
    hint:
      "Race the store against storeDeadlineMs; when it loses, let the limiter of 03.1–03.3 decide in memory.",
    instances: 2,
    config: DEADLINE,
    timeoutMs: 20_000,
  }, async (lab) => {
    for (const algorithm of ["fixed", "token_bucket"]) {
      await setPolicy(lab, { algorithm, ...WINDOW }, algorithm);
    }
    const store = await countingStore(lab, "/api/fixed");
    for (const algorithm of ["fixed", "token_bucket"]) {
      const request = { client: freshClient(lab), path: `/api/${algorithm}` };
      const outage = algorithm === "fixed"
        ? lab.blackhole({ store })
        : lab.cut({ store });
      const answers = await verdictsInTime(
        lab,
        (index) => ask(lab.on(index), request),
      );
      if (outage.hits === 0) lab.inconclusive(`Nobody asked ${store}`);
      outage.heal();
      const passed = admitted(answers);
      expect(passed, `${algorithm}: the limit still passes`)
        .toBeGreaterThanOrEqual(LIMIT);
      expect(passed, `${algorithm}: at most the limit on each of 2 instances`)
        .toBeLessThanOrEqual(2 * LIMIT);
      expect(answers.statuses, `${algorithm}: nobody hears an error`)
        .toEqual({ 200: passed, 429: 20 - passed });
      // Both are connected again before the next outage begins.
      await expectExactAgain(lab, request.path);
    }
    if (store === "postgres") return;
    await lab.restart("redis"); // Comes back without counts, and without the scripts that it was given.
    await expectExactAgain(lab, "/api/fixed");
  });

  check("03.6b", {
    title: "fails closed where the policy says so",
    kind: "fault",
    hint:
      'failMode "closed": 503 limiter_unavailable with Retry-After, and the API hears nothing.',
    instances: 2,
    config: DEADLINE,
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "fixed", ...WINDOW, failMode: "closed" });
    const store = await countingStore(lab, "/api/x");
    const api = lab.upstream("api");
    const callsBefore = api.calls.length;

    const client = freshClient(lab);
    const outage = lab.cut({ store });
    const answers = await verdictsInTime(
      lab,
      (index) => ask(lab.on(index), { client }),
    );
    if (outage.hits === 0) lab.inconclusive(`Nobody asked ${store}`);
    outage.heal();
    expect(answers.statuses, "Closed means that nobody passes")
      .toEqual({ 503: 20 });
    for (const { json, headers } of answers) {
      expect(json?.code, "The answer says why").toBe("limiter_unavailable");
      expect(headers.get("retry-after"), "…and when to come back").toBe("1");
    }
    expect(api.calls.length, "The API hears nothing of them")
      .toBe(callsBefore);
    await expectExactAgain(lab, "/api/x");
  });

  check("03.6c", {
    title: "goes by one clock, whatever an instance's own one says",
    kind: "fault",
    hint:
      "Take the time where the counts are: GET kit:now inside the script (TIME in production), now() in SQL.",
    instances: 2,
  }, async (lab) => {
    const names = ["fixed", "token_bucket", "sliding_log", "sliding_counter"];
    for (const algorithm of names) {
      const policy = { algorithm, limit: LIMIT, windowSec: 120 };
      await setPolicy(lab, policy, algorithm);
    }
    await toWindowStart(lab, 120);
    await lab.clock.advance(30_500);
    lab.clock.skew(lab.on(1), 300_000);
    for (const algorithm of names) {
      const request = { client: freshClient(lab), path: `/api/${algorithm}` };
      const answers: Answer[] = [];
      for (let sent = 0; sent < 4 * LIMIT; sent++) {
        answers.push(await ask(lab.on(sent), request));
      }
      expect(
        admitted(answers),
        `${algorithm}: an instance that is 5 minutes ahead admits nobody extra`,
      ).toBe(LIMIT);
      const [early, late] = answers.slice(-2);
      expect(
        late!.headers.get("retry-after"),
        `${algorithm}: both instances name the same Retry-After`,
      ).toBe(early!.headers.get("retry-after"));
      expect(
        Number(early!.headers.get("retry-after")),
        `${algorithm}: which is never negative`,
      ).toBeGreaterThan(0);
    }
  });
});

/** 20 requests at once, each answered in time, or the machine is too slow to tell. */
async function verdictsInTime(
  lab: Lab,
  request: (index: number) => Promise<Answer>,
) {
  let slowestMs = 0;
  let controlMs = 0;
  const [answers] = await Promise.all([
    lab.burst(20, async (index) => {
      const startedMs = performance.now();
      const answer = await request(index);
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      return answer;
    }),
    (async () => {
      const startedMs = performance.now();
      await lab.get("/nothing/here");
      controlMs = performance.now() - startedMs;
    })(),
  ]);
  if (slowestMs > VERDICT_MS && controlMs > 100) {
    lab.inconclusive(`A 404 took ${Math.round(controlMs)} ms on this machine`);
  }
  expect(
    slowestMs,
    "With the store away a verdict takes storeDeadlineMs and 300 ms; five times that is too long on any machine",
  ).toBeLessThanOrEqual(VERDICT_MS);
  return answers;
}

/** After the outage all instances count together again. */
async function expectExactAgain(lab: Lab, path: string): Promise<void> {
  await lab.eventually(async () => {
    const client = freshClient(lab);
    const statuses: number[] = [];
    for (let sent = 0; sent < 2 * LIMIT + 2; sent++) {
      statuses.push((await ask(lab.on(sent), { client, path })).status);
    }
    expect(
      statuses.filter((status) => status === 200).length,
      "Once the store is back, exactly the limit passes on both instances together",
    ).toBe(LIMIT);
  });
}
