import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  expectedOf,
  expectNear,
  randomScenario,
  REQUESTS_PER_SERVER,
  type Scenario,
} from "./estimation_model.ts";

/** Nothing but arithmetic: no store is started. */
const PURE = {
  without: ["postgres", "redis"],
  config: { stores: "none", requestsPerServer: REQUESTS_PER_SERVER },
} as const;

describe("01.1 Estimator", () => {
  check("01.1a", {
    title: "turns users into requests, bytes and servers",
    kind: "api",
    hint:
      "A day has 86,400 s. Servers are bought for reads and writes together, at the peak, and rounded up.",
    ...PURE,
  }, async (lab) => {
    for (let round = 0; round < 20; round++) {
      await expectEstimated(lab, randomScenario(lab.random));
    }
  });

  check("01.1b", {
    title: "is as right for a billion users as for none",
    kind: "api",
    hint:
      "Numbers beyond 2^53 are fine while they stay plain numbers: no | 0, no BigInt, no upper bound. Without any users one server is still needed.",
    ...PURE,
  }, async (lab) => {
    const scenario = randomScenario(lab.random);
    const crowd = { dau: 1e9, actionsPerUser: 50, bytes: 2e6 };
    await expectEstimated(lab, { ...scenario, ...crowd, retentionDays: 3650 });
    await expectEstimated(lab, { ...scenario, dau: 0 });
  });

  check("01.1c", {
    title: "knows what parts in series and in parallel are worth",
    kind: "api",
    hint:
      "In series multiply what is up; in parallel multiply what is down. Round nothing.",
    ...PURE,
  }, async (lab) => {
    const { random } = lab;
    await expectAvailability(
      lab,
      { series: [0.999, 0.999, 0.9999] },
      0.9979011,
    );
    const [a, b, c] = [0, 0, 0].map(() => 1 - random.integer(1, 90) / 1000);
    await expectAvailability(lab, a!, a!);
    await expectAvailability(
      lab,
      { parallel: [a, b] },
      1 - (1 - a!) * (1 - b!),
    );
    await expectAvailability(
      lab,
      { series: [c, { parallel: [a, { series: [b, c] }] }, 0.9999] },
      c! * (1 - (1 - a!) * (1 - b! * c!)) * 0.9999,
    );
  });
});

async function expectEstimated(lab: Lab, scenario: Scenario): Promise<void> {
  const answer = await lab.post("/estimate", scenario);
  expect(answer, "POST /estimate answers 200").toHaveStatus(200);
  for (const [name, expected] of Object.entries(expectedOf(scenario))) {
    expectNear(
      answer.json?.[name],
      expected,
      `${name} of ${JSON.stringify(scenario)}`,
    );
  }
}

async function expectAvailability(
  lab: Lab,
  part: unknown,
  expected: number,
): Promise<void> {
  const answer = await lab.post("/availability", part);
  expect(answer, "POST /availability answers 200").toHaveStatus(200);
  expect(answer.json, "…with both figures").toMatchObject({
    availability: expect.any(Number),
    downMinutesPerYear: expect.any(Number),
  });
  const what = `of ${JSON.stringify(part)}`;
  expectNear(answer.json?.availability, expected, `availability ${what}`);
  expectNear(
    answer.json?.downMinutesPerYear,
    (1 - expected) * 525_600,
    `downMinutesPerYear ${what}`,
  );
}
