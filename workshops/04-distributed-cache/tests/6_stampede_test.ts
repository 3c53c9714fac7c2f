import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type Lab } from "@lab";
import {
  expectReport,
  freshReport,
  loaderCalls,
  passMarkers,
  passWaiter,
  reportBody,
  scriptLoader,
  untilHeld,
} from "./reports.ts";

const TTL_MS = 600_000;
/** So long that a minute of real time decides nothing. */
const LONG_TTL_MS = 6_000_000;
const MINUTE_MS = 60_000;
const LEASE_MS = 60_000;
const STALE_MS = 300_000;
const JITTER = 0.2;

describe("04.6 Stampede", () => {
  check("04.6a", {
    title: "asks the loader once, however many wait for a report",
    kind: "race",
    hint:
      "In a process a map of promises is enough; between instances take a lease in Redis (SET … NX PX) and look again while it is taken.",
    instances: 2,
  }, async (lab) => {
    const id = freshReport(lab);
    scriptLoader(lab, (asked) => ({ hold: asked === id }));
    const waiting = lab.burst(
      50,
      (index) => lab.on(index).get(`/reports/${id}`),
    );
    await untilHeld(lab, 1);
    await passMarkers(lab);
    expect(
      loaderCalls(lab, id),
      "While 50 requests on two instances wait for one report, the loader is asked once",
    ).toBe(1);
    lab.upstream("loader").release();
    for (const answer of await waiting) expectReport(answer, reportBody(id, 1));
    expect(loaderCalls(lab, id), "…and not again when it has answered").toBe(1);
    for (const instance of lab.instances) {
      expectReport(
        await instance.get(`/reports/${id}`),
        reportBody(id, 1),
        "From then on both instances serve the report from Redis",
      );
    }
  });

  check("04.6b", {
    title: "tells a failure to all who wait, and keeps it for nobody else",
    kind: "fault",
    hint:
      "Only a 200 is stored. A failed flight is forgotten when it has landed, and gives its lease back.",
    instances: 2,
  }, async (lab) => {
    for (
      const { status, answers } of [
        { status: 500, answers: "502 loader_failed" },
        { status: 404, answers: "404 not_found" },
      ]
    ) {
      const id = freshReport(lab);
      let isWell = false;
      scriptLoader(
        lab,
        (asked) => asked === id && !isWell ? { status, hold: true } : undefined,
      );
      const waiting = lab.burst(
        20,
        (index) => lab.on(index).get(`/reports/${id}`),
      );
      await untilHeld(lab, 1);
      await passMarkers(lab);
      const results = await releasingUntil(lab, waiting);
      expect(
        results.map(statusAndCode),
        `The loader answered ${status}: everybody who waited hears ${answers}`,
      ).toEqual(results.map(() => answers));
      expect(
        loaderCalls(lab, id),
        "20 requests on two instances waited: a failing loader is asked at most once by each",
      ).toBeLessThanOrEqual(2);

      isWell = true;
      for (const instance of lab.instances) {
        expect(
          await instance.get(`/reports/${id}`),
          "Once the loader is well again, so is the next answer: a failure is not kept",
        ).toHaveStatus(200);
      }
    }
    const halfMade = freshReport(lab);
    const beginning = { pieces: ['{"id":', '"?"}'] };
    scriptLoader(lab, (id) => id === halfMade ? beginning : undefined);
    const waiting = lab.get(`/reports/${halfMade}`);
    await untilHeld(lab, 1);
    // By then the beginning has come to the instance: it is on its way.
    await passMarkers(lab);
    using _outage = lab.cut({ upstream: "loader" });
    expect(
      statusAndCode(await waiting),
      "A loader that hangs up in the middle of its answer has failed",
    ).toBe("502 loader_failed");
    expect(
      statusAndCode(await lab.get(`/reports/${freshReport(lab)}`)),
      "A loader that gives no answer at all has failed",
    ).toBe("502 loader_failed");
  });

  check("04.6c", {
    title: "goes on without an instance that died while it was loading",
    kind: "fault",
    hint:
      "A lease ends by itself, leaseSec after it was taken; whoever waits tries to take it again until it can.",
    instances: 2,
    config: { leaseSec: LEASE_MS / 1000 },
  }, async (lab) => {
    const id = freshReport(lab);
    const [holder, other] = [lab.on(0), lab.on(1)];
    scriptLoader(lab, (asked) => ({ hold: asked === id }));
    const lost = holder.get(`/reports/${id}`);
    await untilHeld(lab, 1);
    const waiting = other.get(`/reports/${id}`, { timeoutMs: 15_000 });
    await passMarkers(lab);
    expect(loaderCalls(lab, id), "The other instance waits for the first").toBe(
      1,
    );
    await lab.clock.advance(LEASE_MS / 2);
    await passWaiter(lab);
    expect(
      loaderCalls(lab, id),
      "Half of leaseSec after the first instance began, the other still waits for it",
    ).toBe(1);
    await holder.kill();
    await lost;
    await lab.clock.advance(LEASE_MS);
    await lab.eventually(() =>
      expect(
        loaderCalls(lab, id),
        "leaseSec after the first one died, the other instance asks the loader itself",
      ).toBe(2)
    );
    lab.upstream("loader").release();
    expectReport(await waiting, reportBody(id, 2), "…and answers who waited");
  });

  check("04.6d", {
    title: "lets reports that were made together end one by one",
    kind: "redis",
    hint:
      "Draw the lifetime of each: reportTtlSec × (1 − jitter × a random fraction).",
    config: { reportTtlSec: LONG_TTL_MS / 1000, jitter: JITTER },
  }, async (lab) => {
    const ids = Array.from({ length: 60 }, () => freshReport(lab));
    scriptLoader(lab);
    const loadsOfAll = () => loadsWhile(lab, () => readAll(lab, ids));
    expect(await loadsOfAll(), "60 new reports are loaded").toBe(60);
    await lab.clock.advance(LONG_TTL_MS * (1 - JITTER) - MINUTE_MS);
    expect(
      await loadsOfAll(),
      "Before reportTtlSec × (1 − jitter) has gone by, none has ended",
    ).toBe(0);
    await lab.clock.advance(LONG_TTL_MS * JITTER / 2 + MINUTE_MS);
    const half = await loadsOfAll();
    // All or none of 60 at half-way: 2 × 0.5^60, less than 1e-17.
    expect(half, "Half-way to reportTtlSec some have ended…").toBeGreaterThan(
      0,
    );
    expect(half, "…and some have not").toBeLessThan(60);
    await lab.clock.advance(LONG_TTL_MS * JITTER / 2);
    expect(
      half + await loadsOfAll(),
      "At reportTtlSec all have ended",
    ).toBe(60);
  });

  check("04.6e", {
    title: "serves the old report until one instance has made the new one",
    kind: "race",
    hint:
      "Keep a report staleSec longer than it is fresh; a read of a stale one answers at once and renews it in the background, under the lease. Nobody awaits that: catch its failure.",
    instances: 2,
    config: {
      reportTtlSec: TTL_MS / 1000,
      staleSec: STALE_MS / 1000,
      jitter: 0,
    },
  }, async (lab) => {
    const id = freshReport(lab);
    scriptLoader(lab, (asked, before) => {
      if (asked !== id || before === 0) return undefined;
      return before === 1 ? { hold: true } : { status: 500 };
    });
    expectReport(await lab.get(`/reports/${id}`), reportBody(id, 1));
    await lab.clock.advance(TTL_MS);
    const stale = await lab.burst(
      20,
      (index) => lab.on(index).get(`/reports/${id}`),
    );
    for (const answer of stale) {
      expectReport(
        answer,
        reportBody(id, 1),
        "For staleSec after its end, the old report is answered at once",
      );
    }
    await untilHeld(lab, 1, "A stale report that is read is made anew");
    await passMarkers(lab);
    expect(
      loaderCalls(lab, id),
      "20 requests on two instances saw the stale report: it is renewed once",
    ).toBe(2);
    lab.upstream("loader").release();
    await lab.eventually(async () => {
      for (const instance of lab.instances) {
        expectReport(
          await instance.get(`/reports/${id}`),
          reportBody(id, 2),
          "When the new report is there, both instances serve it",
        );
      }
    });
    expect(loaderCalls(lab, id), "…and the loader was not asked again").toBe(2);

    await lab.clock.advance(TTL_MS); // Stale again, and from now on the loader fails.
    await expectStaleReport(lab, id);
    await lab.eventually(() =>
      expect(loaderCalls(lab, id), "A stale report is renewed")
        .toBeGreaterThan(2)
    );
    await passMarkers(lab);
    await expectStaleReport(lab, id);
    await lab.clock.advance(STALE_MS + MINUTE_MS);
    expect(
      statusAndCode(await lab.get(`/reports/${id}`)),
      "When staleSec has gone by, the old report is gone as well",
    ).toBe("502 loader_failed");
  });
});

function statusAndCode({ status, json }: Answer): string {
  return `${status} ${json?.code}`;
}

/** The second version is what the loader gave last. */
async function expectStaleReport(lab: Lab, id: string): Promise<void> {
  for (const instance of lab.instances) {
    expectReport(
      await instance.get(`/reports/${id}`),
      reportBody(id, 2),
      "When the new report cannot be made, the old one stays",
    );
  }
}

/** Lets held calls go until every request has its answer. */
async function releasingUntil<T>(lab: Lab, pending: Promise<T>): Promise<T> {
  let isDone = false;
  const settled = pending.finally(() => isDone = true);
  await lab.eventually(() => {
    lab.upstream("loader").release();
    expect(isDone, "Everybody who waited for the loader is answered").toBe(
      true,
    );
  });
  return await settled;
}

async function readAll(lab: Lab, ids: readonly string[]): Promise<void> {
  await lab.burst(ids.length, async (index): Promise<Answer> => {
    const answer = await lab.get(`/reports/${ids[index]}`);
    expect(answer, "A report is answered").toHaveStatus(200);
    return answer;
  });
}

async function loadsWhile(
  lab: Lab,
  operation: () => Promise<void>,
): Promise<number> {
  const before = lab.upstream("loader").calls.length;
  await operation();
  return lab.upstream("loader").calls.length - before;
}
