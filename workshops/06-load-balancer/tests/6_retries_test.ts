import { describe } from "@std/testing/bdd";
import { check, expect, type Lab, type Reaction } from "@lab";
import { askFour, BROKEN, FAILURES, statused, told } from "./attempts.ts";
import {
  askInTurn,
  backendOf,
  BACKENDS,
  HOLD,
  nameBackends,
  named,
  setBackends,
  shown,
  tally,
  threeOf,
  untilIdle,
  visits,
} from "./balancer.ts";
import { readBytes, textOf, writeAll } from "./bytes.ts";

const RETRIES = 10;
const OPEN_SEC = 60;
/** With an Idempotency-Key a body may be kept up to this size. */
const KEPT_BYTES_MAX = 65_536;

describe("06.6 Retries and breakers", () => {
  check("06.6a", {
    title: "asks once more, and somebody else, when asking changes nothing",
    kind: "fault",
    hint:
      "GET, HEAD and OPTIONS may be asked twice, if their head announces no body. Choose the second backend among the others, and cancel the first answer; what fails there too is the answer.",
    config: { retryBudget: 100 },
  }, async (lab) => {
    const [ill, well] = threeOf(lab);
    lab.upstream(well).script([], named(well));
    await setBackends(lab, { [ill]: 1, [well]: 1 });
    for (const failure of lab.random.shuffle(FAILURES)) {
      lab.upstream(ill).script([], failure);
      const asked = await askFour(lab, [ill, well]);
      expect(
        asked.some(({ seen }) => seen[ill]! > 0),
        "A backend that has failed a few times is still asked in turn",
      ).toBe(true);
      for (const { method, answer, seen } of asked) {
        expect(
          backendOf(answer),
          `When ${method} fails at a backend (${
            told(failure)
          }), it is answered by another`,
        ).toBe(well);
        expect(
          seen[ill]! <= 1 && seen[well] === 1,
          `…which is asked once, and the first not again; they were asked ${
            seen[ill]
          } and ${seen[well]} times`,
        ).toBe(true);
      }
    }

    for (const status of [500, 404, 429]) {
      lab.upstream(ill).script([], statused(status));
      const asked = await askFour(lab, [ill, well]);
      for (const { answer, seen } of asked) {
        expect(
          [answer.status, seen[ill]! + seen[well]!],
          `${status} is an answer like any other: it is passed on, without another attempt`,
        ).toEqual([seen[ill] ? status : 200, 1]);
      }
    }

    lab.upstream(ill).script([], lab.random.pick(FAILURES));
    lab.upstream(well).script([], statused(504));
    for (const { answer, seen } of await askFour(lab, [ill, well])) {
      expect(answer, "When the second one fails as well, that is the answer")
        .toHaveStatus(502, 503, 504);
      expect([seen[ill], seen[well]], "…and nobody is asked a third time")
        .toEqual([1, 1]);
    }
    await untilIdle(lab, [ill, well]);
  });

  check("06.6b", {
    title: "never sends twice what may have been done",
    kind: "fault",
    hint:
      "Once its bytes were sent, a POST may have been carried out. With an Idempotency-Key the backend can tell: keep the body and send both again, if Content-Length says that it is small.",
    config: { retryBudget: RETRIES },
  }, async (lab) => {
    const [first, second] = threeOf(lab);
    const [one, other] = [lab.upstream(first), lab.upstream(second)];
    await setBackends(lab, { [first]: 1, [second]: 1 });
    const sent = () => one.calls.length + other.calls.length;
    const failNext = (reaction: Reaction) => {
      // Whoever is asked first fails; who is asked after that is well.
      let isFirst = true;
      for (const id of [first, second]) {
        lab.upstream(id).script([], () => {
          const reply = isFirst ? reaction : named(id);
          isFirst = false;
          return reply;
        });
      }
    };
    const body = { amount: lab.random.integer(1, 1000) };
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const before = sent();
      failNext(BROKEN);
      const answer = await lab.request(method, "/pay", { body });
      expect(answer, `A ${method} on which the backend breaks off ends in 502`)
        .toHaveStatus(502);
      expect(sent() - before, `…and that ${method} was sent once`).toBe(1);
    }

    const headers = { "idempotency-key": `"${lab.random.word(16)}"` };
    failNext(BROKEN);
    const before = sent();
    const answer = await lab.post("/pay", body, { headers });
    expect(answer, "With an Idempotency-Key a POST is sent to another backend")
      .toHaveStatus(200);
    const copies = [...one.calls, ...other.calls]
      .filter((call) => call.headers.has("idempotency-key"))
      .map((call) => [call.headers.get("idempotency-key"), call.body]);
    expect(copies, "…with the same key and the same body").toEqual(
      Array(2).fill([headers["idempotency-key"], JSON.stringify(body)]),
    );
    expect(sent() - before, "…once more, and not the same").toBe(2);

    for (
      const [bytes, status, times] of [
        [KEPT_BYTES_MAX, 200, 2],
        [KEPT_BYTES_MAX + 1, 502, 1],
      ] as const
    ) {
      const before = sent();
      failNext(BROKEN);
      const answer = await lab.post("/pay", "x".repeat(bytes), {
        headers: { ...headers, "content-type": "text/plain" },
      });
      expect(
        [answer.status, sent() - before],
        `A POST of ${bytes} bytes with an Idempotency-Key, on which the backend breaks off, ends in ${status} (status, times sent)`,
      ).toEqual([status, times]);
    }
    using upload = await lab.on(0).open("POST", "/upload", { headers });
    await upload.write("half of");
    await lab.eventually(() =>
      expect(
        [...one.arrivals, ...other.arrivals]
          .filter(({ path }) => path === "/upload")
          .map(({ received }) => received),
        "A body that does not say how long it is is passed on as it comes, with an Idempotency-Key too",
      ).toEqual(["half of"])
    );
  });

  check("06.6c", {
    title: "makes no storm of retries when everything fails",
    kind: "fault",
    hint:
      "Keep an account: it begins at retryBudget and holds no more, each request adds a tenth, each retry takes one. A retry is not a request.",
    config: { retryBudget: RETRIES },
  }, async (lab) => {
    const ids = threeOf(lab);
    await setBackends(lab, Object.fromEntries(ids.map((id) => [id, 1])));
    for (const id of ids) lab.upstream(id).script([], named(id));
    await askInTurn(lab.on(0), 30);
    for (const id of ids) {
      lab.upstream(id).script([], lab.random.pick([statused(503), BROKEN]));
    }
    const attempts = () =>
      ids.reduce((sum, id) => sum + lab.upstream(id).calls.length, 0);
    const before = attempts();
    for (let round = 0; round < 10; round++) {
      const answers = await lab.burst(10, () => lab.get("/x"));
      for (const answer of answers) {
        expect(answer, "A request that no backend answers ends in 502 or 503")
          .toHaveStatus(502, 503);
      }
    }
    const retries = attempts() - before - 100;
    expect(
      retries,
      `While all backends fail, 100 requests lead to 120 attempts at most: ${RETRIES} retries that were saved up, and one for ten requests`,
    ).toBeLessThanOrEqual(20);
    // 19 by whole tenths, 18 by floats that are a little less.
    expect(
      retries,
      `…and to 115 at least: the first ${RETRIES} failures are tried again, and then about one of ten`,
    ).toBeGreaterThanOrEqual(15);
  });

  check("06.6d", {
    title: "stops asking who fails, and finds out with one request",
    kind: "fault",
    hint:
      "Closed, open, half-open. After breakerOpenSec one request may try; until it has ended nobody else. Every end must end it: a success, a failure, a client who hangs up.",
    config: { breakerFailures: 3, breakerOpenSec: OPEN_SEC },
  }, async (lab) => {
    const [ill, well] = threeOf(lab);
    const backend = lab.upstream(ill);
    lab.upstream(well).script([], named(well));
    await setBackends(lab, { [ill]: 1, [well]: 1 });
    const failures = lab.random.shuffle(FAILURES);
    let failed = 0;
    const fail = async (times: number) => {
      backend.script([], () => failures[failed++ % failures.length]!);
      const until = backend.calls.length + times;
      for (let n = 0; n < 2 * times && backend.calls.length < until; n++) {
        await lab.get("/x");
      }
      backend.script([], named(ill));
    };
    const expectShare = async (share: number, rule: string) => {
      const asked = tally(await askInTurn(lab.on(0), 4));
      expect(asked[ill] ?? 0, rule).toBe(share);
    };

    for (let sent = 1; sent <= 6; sent++) await breakOffUpload(lab, sent);
    expect(
      [
        (await shown(lab.on(0), ill)).breaker,
        (await shown(lab.on(0), well)).breaker,
      ],
      "Uploads that their clients break off say nothing about a backend",
    ).toEqual(["closed", "closed"]);

    await fail(2);
    await expectShare(2, "After two failures a backend is still asked");
    await fail(2);
    await expectShare(2, "…also after two more, as others were in between");

    // It will succeed, after the breaker has opened.
    backend.script([HOLD, HOLD]);
    const late = [lab.get("/late"), lab.get("/late")];
    await lab.eventually(() =>
      expect(backend.held, "A backend that is up gets one of two requests")
        .toBe(1)
    );
    await fail(3);
    await expectShare(0, "After three failures in a row it is not asked");
    backend.release();
    await Promise.all(late);
    await expectShare(
      0,
      "…also if a request from before ends well: that is old news",
    );
    expect(
      (await shown(lab.on(0), ill)).breaker,
      "GET /admin/backends shows that its breaker is open",
    ).toBe("open");
    await lab.clock.advance(OPEN_SEC * 1000 - 1000);
    await expectShare(0, `…and not for the next ${OPEN_SEC} s`);

    await untilHalfOpen(lab, ill, 1000);
    backend.script([], HOLD);
    const probe = lab.burst(12, () => lab.get("/probe"));
    await lab.eventually(() =>
      expect(backend.held, "When it is half-open one request tries it")
        .toBe(1)
    );
    await expectShare(0, "…and while that one waits, nobody else does");
    expect(backend.held, "…of those that came together neither").toBe(1);
    backend.script([], named(ill));
    backend.release();
    await probe;
    await expectShare(2, "If it succeeds, the backend gets its half again");

    await fail(3);
    await untilHalfOpen(lab, ill, OPEN_SEC * 1000);
    await fail(1);
    await expectShare(0, "If it fails, the breaker is open again");

    await untilHalfOpen(lab, ill, OPEN_SEC * 1000);
    backend.script([], HOLD);
    const gone = [];
    for (let n = 0; n < 2 && backend.held === 0; n++) {
      gone.push(await lab.on(0).open("GET", "/gone", { hasBody: false }));
      const request = gone.at(-1)!;
      await lab.eventually(() =>
        expect(
          backend.held + Number(request.status > 0),
          "A request waits at one backend or is answered by the other",
        ).toBe(1)
      );
    }
    for (const request of gone) request.close();
    await untilIdle(lab, [ill]);
    backend.script([], named(ill));
    const asked = await askInTurn(lab.on(0), 4);
    expect(
      asked,
      "If its client hangs up, that says nothing, and another one tries",
    ).toContain(ill);
    backend.release();
  });

  check("06.6e", {
    title: "sends no connection of layer 4 to who fails",
    kind: "fault",
    hint:
      "Layer 4 chooses from the same backends as layer 7: pool.ready, which leaves out open breakers. It tells breakers nothing, since it cannot know what its bytes say.",
    config: { breakerFailures: 3, breakerOpenSec: OPEN_SEC },
  }, async (lab) => {
    const [ill, well] = threeOf(lab);
    lab.upstream(ill).script([], BROKEN);
    lab.upstream(well).script([], named(well));
    await setBackends(lab, { [ill]: 1, [well]: 1 });
    for (let asked = 0; asked < 6; asked++) await lab.get("/x");
    const expectBreaker = async (state: string, rule: string) =>
      expect((await shown(lab.on(0), ill)).breaker, rule).toBe(state);
    await expectBreaker("open", "After three failures in a row it is open");

    for (const id of [ill, well]) {
      lab.upstream(id).acceptTcp((connection) =>
        writeAll(connection, new TextEncoder().encode(id))
      );
    }
    expect(
      [await connected(lab), await connected(lab), await connected(lab)],
      "While its breaker is open a backend gets no connections either",
    ).toEqual(Array(3).fill(well));

    await untilHalfOpen(lab, ill, OPEN_SEC * 1000);
    // Two, so that whoever takes turns has had both.
    for (const _ of [1, 2]) await connected(lab);
    await expectBreaker(
      "half_open",
      "A connection on layer 4 tells a breaker nothing: it is still half-open",
    );
  });

  check("06.6f", {
    title: "gives each attempt its time, and takes silence for a failure",
    kind: "fault",
    hint:
      "attemptTimeoutMs is for one attempt, from its question to the head of its answer: a timer for each, which is cleared when the head is here.",
    config: {
      balance: "least_connections",
      attemptTimeoutMs: 700,
      retryBudget: RETRIES,
      breakerFailures: 3,
      breakerOpenSec: OPEN_SEC,
    },
  }, async (lab) => {
    const [silent, well] = threeOf(lab);
    lab.upstream(silent).script([], HOLD);
    lab.upstream(well)
      .script([{ status: 200, pieces: ["begun,", "ended"] }], named(well));
    await setBackends(lab, { [well]: 1 });
    using film = await lab.on(0).open("GET", "/film", { hasBody: false });
    await lab.eventually(() =>
      expect(film.received, "An answer is passed on as it comes")
        .toMatch("begun,")
    );

    // The film is under way at the other one: all that come now go to the silent one first.
    await setBackends(lab, { [silent]: 100, [well]: 1 });
    const posts = lab.burst(2, () => lab.post("/pay", "hello"));
    const asked = lab.get("/x");
    await lab.eventually(() =>
      expect(
        lab.upstream(silent).held,
        "A request goes to the backend with the least under way for its weight",
      ).toBe(3)
    );
    for (const answer of await posts) {
      expect(answer, "A POST without an answer in time ends in 504")
        .toHaveStatus(504);
      expect(answer.json?.code, "…and says why").toBe("gateway_timeout");
    }
    expect(
      backendOf(await asked),
      "A GET without an answer in time is answered by another backend, which has as long to begin",
    ).toBe(well);
    expect(
      [visits(lab.upstream(silent)).length, visits(lab.upstream(well)).length],
      "…and each was sent once to a backend: three to the silent one, film and GET to the other",
    ).toEqual([3, 2]);
    expect(
      (await shown(lab.on(0), silent)).breaker,
      "Silence is a failure: after three in a row the breaker is open",
    ).toBe("open");
    for (const id of [silent, well]) lab.upstream(id).release();
    await film.ended;
    expect(
      film.received,
      "An answer that has begun in time passes whole, however long it takes",
    ).toMatch("ended");
  });

  check("06.6g", {
    title: "retries nothing without a budget, and gives turns by weight",
    kind: "fault",
    hint:
      "With retryBudget 0 the first failure is the answer. Choose the second backend when its retry is paid for: a choice takes a turn.",
  }, async (lab) => {
    const [ill, second, third] = threeOf(lab);
    nameBackends(lab);
    lab.upstream(ill).script([], statused(503));
    await setBackends(lab, { [ill]: 3, [second]: 2, [third]: 1 });
    const answers = [];
    for (let asked = 0; asked < 30; asked++) answers.push(await lab.get("/x"));
    const shares = tally(answers.map(backendOf));
    for (
      const [who, share] of [
        ["nobody (503)", 15],
        [second, 10],
        [third, 5],
      ] as const
    ) {
      expect(
        Math.abs((shares[who] ?? 0) - share),
        `With weights 3, 2 and 1 and without retries, of 30 requests ${share} (±1) are answered by ${who}; it was ${
          shares[who] ?? 0
        }`,
      ).toBeLessThanOrEqual(1);
    }
  });
});

/** The `count`th client that hangs up in the middle of its upload, for whichever backend. */
async function breakOffUpload(lab: Lab, count: number): Promise<void> {
  const uploads = () =>
    BACKENDS.flatMap((id) => lab.upstream(id).arrivals)
      .filter(({ path }) => path === "/upload");
  const upload = await lab.on(0).open("POST", "/upload");
  await upload.write("half of");
  await lab.eventually(() =>
    expect(
      uploads().filter(({ received }) => received === "half of").length,
      "An upload is passed on as it comes",
    ).toBe(count)
  );
  upload.close();
  await lab.eventually(() =>
    expect(
      uploads().filter(({ state }) => state === "broken").length,
      "When a client breaks off, the backend sees that as well",
    ).toBe(count)
  );
}

/** Moves the clock; who waits for it may notice a moment later. */
async function untilHalfOpen(
  lab: Lab,
  id: string,
  stepMs: number,
): Promise<void> {
  await lab.clock.advance(stepMs);
  await lab.eventually(async () =>
    expect(
      (await shown(lab.on(0), id)).breaker,
      `${OPEN_SEC} s after it has opened, a breaker is half-open`,
    ).toBe("half_open")
  );
}

/** Opens a connection; what the backend says in it. */
async function connected(lab: Lab): Promise<string> {
  using connection = await lab.on(0).connect();
  return textOf(await readBytes(connection));
}
