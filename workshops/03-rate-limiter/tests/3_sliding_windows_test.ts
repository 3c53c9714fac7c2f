import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type Lab } from "@lab";
import {
  admitted,
  ask,
  askTimes,
  doubtIfSlow,
  freshClient,
  setPolicy,
  toWindowStart,
} from "./gateway.ts";

const WINDOW_SEC = 60;

/**
 * A full window, and what five eighths of it leave to the next: 3 of 10, or 4 for whoever rounds the share. In eighths
 * of a window no rounding of numbers decides.
 */
const FULL_WINDOW_LATER = [
  { eighths: 0, count: 12 },
  { eighths: 11, count: 9 },
];

describe("03.3 Sliding windows", () => {
  check("03.3a", {
    title: "does not let twice the limit pass around a boundary",
    kind: "api",
    hint:
      "Count back from now, not from the start of a window: the requests of two seconds ago still count.",
  }, async (lab) => {
    await setPolicies(lab, ["fixed", "sliding_log", "sliding_counter"], 10);
    const client = freshClient(lab);
    const passed: Record<string, number> = {};
    await toWindowStart(lab, WINDOW_SEC);
    for (const stepSec of [59, 2]) {
      await lab.clock.advance(stepSec * 1000);
      for (const name of ["fixed", "sliding_log", "sliding_counter"]) {
        const path = `/api/${name}`;
        const answers = await askTimes(lab, 10, { client, path });
        passed[name] = (passed[name] ?? 0) + admitted(answers);
      }
    }
    expect(
      passed,
      "10 requests at 59 s and 10 at 61 s, limit 10: a fixed window lets 20 pass, the sliding ones 10",
    ).toEqual({ fixed: 20, sliding_log: 10, sliding_counter: 10 });
  });

  check("03.3b", {
    title: "weighs the past by its age",
    kind: "api",
    hint:
      "Log: fewer than limit in the last windowSec. Counter: previous × (share of the window still to come) + count + 1 ≤ limit.",
  }, async (lab) => {
    await setPolicies(lab, ["sliding_log", "sliding_counter"], 10);
    const client = freshClient(lab);
    await toWindowStart(lab, WINDOW_SEC);
    await lab.clock.advance(59_000);
    expect(await askBoth(lab, client, 10), "At 59 s the limit passes")
      .toEqual({ log: 10, counter: 10 });
    await lab.clock.advance(31_000);
    expect(
      await askBoth(lab, client, 10),
      "At 90 s the log still counts all 10; the counter weighs them half and admits 5",
    ).toEqual({ log: 0, counter: 5 });
    for (const name of ["sliding_log", "sliding_counter"]) {
      const { headers } = await ask(lab, { client, path: `/api/${name}` });
      expect(
        headers.get("ratelimit")?.split(";")[1],
        `${name}: who is refused has nothing left; what is past counts in r, too`,
      ).toBe("r=0");
    }
  });

  check("03.3c", {
    title: "does not count what it refused",
    kind: "api",
    hint:
      "Write down admitted requests only; else a client that keeps asking never gets in again.",
  }, async (lab) => {
    await setPolicies(lab, ["sliding_log", "sliding_counter"], 4);
    const client = freshClient(lab);
    await toWindowStart(lab, WINDOW_SEC);
    await askBoth(lab, client, 4);
    await lab.clock.advance(45_000);
    expect(await askBoth(lab, client, 8), "The window is used up")
      .toEqual({ log: 0, counter: 0 });
    await lab.clock.advance(15_000);
    expect(
      await askBoth(lab, client, 8),
      "60 s after the first 4 the log is empty, and for the counter they still weigh in full",
    ).toEqual({ log: 4, counter: 0 });
    await lab.clock.advance(60_000);
    expect(
      await askBoth(lab, client, 8),
      "Another 60 s later the counter has nothing to remember either",
    ).toEqual({ log: 4, counter: 4 });
  });

  check("03.3d", {
    title: "agrees with a model of each over 25 steps",
    kind: "api",
    hint:
      "What is left of the counts when a client comes back after one window, or after two?",
  }, async (lab) => {
    await setPolicies(lab, ["sliding_log", "sliding_counter"], 10);
    const models = { log: logModel(10), counter: counterModel(10) };
    const client = freshClient(lab);
    await toWindowStart(lab, WINDOW_SEC);
    const steps = [
      ...FULL_WINDOW_LATER,
      ...Array.from({ length: 23 }, () => ({
        // Now and then more than two windows.
        eighths: lab.random.pick([0, 1, 3, 5, 8, 13, 19]),
        count: lab.random.integer(2, 9),
      })),
    ];
    for (const [index, { eighths, count }] of steps.entries()) {
      const stepMs = eighths * WINDOW_SEC * 1000 / 8;
      if (stepMs > 0) await lab.clock.advance(stepMs);
      const nowMs = lab.clock.now();
      expect(
        await askBoth(lab, client, count),
        `Step ${index + 1}: ${stepMs / 1000} s later ${count} requests`,
      ).toEqual({
        log: models.log(nowMs, count),
        counter: models.counter(nowMs, count),
      });
    }
  });

  check("03.3e", {
    title: "gives a Retry-After that is true, whatever the algorithm",
    kind: "api",
    hint:
      "Solve the rule for the time at which this very request fits; round up to whole seconds.",
  }, async (lab) => {
    const names = ["fixed", "token_bucket", "sliding_log", "sliding_counter"];
    await setPolicies(lab, names, lab.random.pick([5, 6, 10]));
    await toWindowStart(lab, WINDOW_SEC);
    for (const name of names) {
      const request = { client: freshClient(lab), path: `/api/${name}` };
      let windowSinceMs = performance.now();
      for (let round = 1; round <= 3; round++) {
        await lab.clock.advance(lab.random.integer(1, 20) * 1000);
        await askTimes(lab, 3, request);
        await lab.clock.advance(lab.random.integer(1, 20) * 1000);
        await askTimes(lab, 11, request);
        // Off the whole second: no rounding of fractions decides when a token is there. Not far off: a key that ends
        // with its window must still be there a second before Retry-After is over.
        await lab.clock.advance(50);
        const refused = (await askTimes(lab, 11, request)).at(-1)!;
        const waitSec = retryAfter(refused);
        await lab.clock.advance((waitSec - 1) * 1000);
        const early = await ask(lab, request);
        if (name === "fixed" && early.status === 200) {
          doubtIfSlow(lab, windowSinceMs);
        }
        expect(
          early,
          `${name}: a second before Retry-After (${waitSec}) is over`,
        )
          .toHaveStatus(429);
        await lab.clock.advance(1000);
        windowSinceMs = performance.now();
        const inTime = await ask(lab, request);
        expect(
          inTime,
          `${name}: after Retry-After (${waitSec}) the request fits`,
        )
          .toHaveStatus(200);
        await lab.clock.advance(950);
      }
    }
  });
});

/** One policy per algorithm, named like it. */
async function setPolicies(
  lab: Lab,
  algorithms: readonly string[],
  limit: number,
): Promise<void> {
  for (const algorithm of algorithms) {
    const policy = { algorithm, limit, windowSec: WINDOW_SEC };
    await setPolicy(lab, policy, algorithm);
  }
}

/** How many of `count` requests each of the two admits. */
async function askBoth(lab: Lab, client: string, count: number) {
  const log = { client, path: "/api/sliding_log" };
  const counter = { client, path: "/api/sliding_counter" };
  return {
    log: admitted(await askTimes(lab, count, log)),
    counter: admitted(await askTimes(lab, count, counter)),
  };
}

function retryAfter(answer: Answer): number {
  expect(answer, "The limit is used up").toHaveStatus(429);
  const value = answer.headers.get("retry-after");
  expect(value, "Retry-After is a whole number of seconds, at least 1")
    .toMatch(/^[1-9]\d*$/);
  return Number(value);
}

/** Says how many of `count` requests a log admits. */
function logModel(limit: number) {
  let times: number[] = [];
  return function admit(nowMs: number, count: number): number {
    times = times.filter((timeMs) => timeMs + WINDOW_SEC * 1000 > nowMs);
    const passing = Math.min(count, limit - times.length);
    times.push(...Array<number>(passing).fill(nowMs));
    return passing;
  };
}

/** Says how many of `count` requests a counter of two windows admits. */
function counterModel(limit: number) {
  const counts = new Map<number, number>();
  return function admit(nowMs: number, count: number): number {
    const window = Math.floor(nowMs / (WINDOW_SEC * 1000));
    const share = window + 1 - nowMs / (WINDOW_SEC * 1000);
    const previous = counts.get(window - 1) ?? 0;
    const seen = counts.get(window) ?? 0;
    const room = Math.floor(limit - previous * share - seen);
    const passing = Math.max(0, Math.min(count, room));
    counts.set(window, seen + passing);
    return passing;
  };
}
