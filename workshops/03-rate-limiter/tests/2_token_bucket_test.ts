import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import { admitted, ask, askTimes, freshClient, setPolicy } from "./gateway.ts";
import { TokenBucketModel } from "./token_bucket_model.ts";

describe("03.2 Token bucket", () => {
  check("03.2a", {
    title: "lets a burst through at once, then one per refill",
    kind: "api",
    hint:
      "The bucket holds burst tokens and starts full; one new token comes every windowSec / limit seconds.",
  }, async (lab) => {
    const limit = lab.random.pick([10, 12]);
    const burst = 4 * limit + lab.random.integer(2, 6);
    await setPolicy(lab, {
      algorithm: "token_bucket",
      limit,
      windowSec: 60,
      burst,
    });
    const client = freshClient(lab);
    const perTokenSec = 60 / limit;
    const first = await ask(lab, { client });
    expect(first, "A full bucket admits").toHaveStatus(200);
    await lab.clock.advance(300);
    const answers = await askTimes(lab, burst + 2, { client });
    expect(admitted(answers), `The rest of the burst of ${burst} passes`)
      .toBe(burst - 1);
    const second = answers[0]!.headers;
    expect(second.get("ratelimit-policy"), "q is the refill per window")
      .toBe(`"default";q=${limit};w=60`);
    expect(second.get("ratelimit"), "t is the time until the bucket is full")
      .toBe(`"default";r=${burst - 2};t=${2 * perTokenSec}`);
    const refused = answers.at(-1)!.headers;
    expect(refused.get("ratelimit"), "An empty bucket says so")
      .toBe(`"default";r=0;t=${burst * perTokenSec}`);
    expect(refused.get("retry-after"), "Retry-After is the next token")
      .toBe(String(perTokenSec));

    await lab.clock.advance(perTokenSec * 1000 + 10);
    const later = await askTimes(lab, 2, { client });
    expect(admitted(later), "One token has come back").toBe(1);
    // Longer than a lifetime of two or three windows, shorter than this bucket takes to fill.
    await lab.clock.advance(210_000);
    const half = await askTimes(lab, burst, { client });
    expect(
      admitted(half),
      "Three and a half windows later 3.5 × limit tokens are there, not a full bucket",
    ).toBe(3.5 * limit);
    await lab.clock.advance(3_600_000);
    const idle = await askTimes(lab, burst + 1, { client });
    expect(admitted(idle), "An hour later there is a burst, not more")
      .toBe(burst);
  });

  check("03.2b", {
    title: "agrees with the model over 300 random steps",
    kind: "api",
    hint:
      "Keep the fraction between two requests: rounding down at each one loses tokens for good. A refused request takes nothing.",
    timeoutMs: 20_000,
  }, async (lab) => {
    const limit = lab.random.pick([10, 12, 15, 20]);
    const terms = { limit, windowSec: 60, burst: limit };
    await setPolicy(lab, {
      algorithm: "token_bucket",
      limit,
      windowSec: 60,
    });
    const model = new TokenBucketModel(terms);
    const client = freshClient(lab);
    for (let step = 1; step <= 300; step++) {
      let stepMs = lab.random.pick([0, lab.random.integer(100, 9000)]);
      while (stepMs > 0 && model.isAtEdgeAfter(stepMs)) stepMs += 70;
      if (stepMs > 0) await lab.clock.advance(stepMs);
      model.advance(stepMs);

      const cost = lab.random.pick([1, 1, 2, lab.random.integer(1, limit)]);
      const expected = model.take(cost);
      const answer = await ask(lab, { client, cost });
      const rule = `Step ${step}, ${stepMs} ms later, cost ${cost}`;
      expect(answer, rule).toHaveStatus(expected.status);
      expect(answer.headers.get("ratelimit"), `${rule}: whole tokens left`)
        .toMatch(new RegExp(`^"default";r=${expected.left};t=\\d+$`));
      if (expected.retrySec !== undefined && model.missingMs % 1000 !== 0) {
        expect(
          answer.headers.get("retry-after"),
          `${rule}: until this request fits`,
        ).toBe(String(expected.retrySec));
      }
    }
  });

  check("03.2c", {
    title: "charges what the policy or the request says, never less than 1",
    kind: "api",
    hint:
      "X-Cost is a whole number from 1 to burst, else 400 invalid_cost before anything is taken; without it the policy's cost.",
  }, async (lab) => {
    await setPolicy(lab, {
      algorithm: "token_bucket",
      limit: 10,
      windowSec: 60,
      cost: 3,
    });
    const client = freshClient(lab);
    const headers = { "x-api-key": client };
    for (const cost of ["0", "-5", "1.5", "many", "11", ""]) {
      const answer = await lab.get("/api/x", {
        headers: { ...headers, "x-cost": cost },
      });
      const rule = `X-Cost: ${JSON.stringify(cost)} is refused`;
      expect(answer, rule).toHaveStatus(400);
      expect(answer.json?.code, rule).toBe("invalid_cost");
    }
    const answers = [
      await ask(lab, { client, cost: 4 }),
      await ask(lab, { client }),
      await ask(lab, { client }),
      await ask(lab, { client, cost: 1 }),
    ];
    expect(
      answers.map(({ headers }) => headers.get("ratelimit")?.split(";")[1]),
      "Of 10 tokens 4 are asked for, then 3 and 3 as the policy says, then 1",
    ).toEqual(["r=6", "r=3", "r=0", "r=0"]);
    expect(answers.at(-1)!, "…for which nothing is left").toHaveStatus(429);
  });
});
