import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import { ask, askTimes, freshClient, setPolicy } from "./gateway.ts";

const ALGORITHMS = ["fixed", "token_bucket", "sliding_log", "sliding_counter"];
const REQUESTS = 50;
/** Queries that may be asked meanwhile: reloading policies is not part of a decision. */
const RELOADS = 25;
/** Round trips to Redis on the side, of a heartbeat or a poll. Who asks twice per decision has 100. */
const BEATS = 5;

describe("03.8 Load", () => {
  check("03.8a", {
    title: "asks the store once per decision",
    kind: "load",
    hint:
      "One script per decision; policies are known by heart. Commands that are sent in the same tick count once.",
  }, async (lab) => {
    for (const algorithm of ALGORITHMS) {
      const policy = { algorithm, limit: 1000, windowSec: 3600 };
      await setPolicy(lab, policy, algorithm);
      const request = { client: freshClient(lab), path: `/api/${algorithm}` };
      await askTimes(lab, 3, request);
      const { wire } = await lab.count(() => askTimes(lab, REQUESTS, request));
      const { redis, postgres } = wire;
      expect(
        redis.roundTrips + Math.max(0, postgres.messages - RELOADS),
        `${algorithm}: ${REQUESTS} decisions cost ${REQUESTS} round trips`,
      ).toBeLessThanOrEqual(REQUESTS + BEATS);
    }
  });

  check("03.8b", {
    title: "decides at least 0.55 times as often as the reference",
    kind: "load",
    hint:
      "With 10 ms per round trip only their number and their order matter: requests of different clients need not wait for each other.",
    timeoutMs: 60_000,
  }, async (lab) => {
    const clients = Array.from({ length: 8 }, () => freshClient(lab));
    const { ratio, cost } = await lab.ratio({
      prepare: async (system) => {
        const policy = {
          algorithm: "sliding_counter",
          limit: 100_000,
          windowSec: 3600,
        };
        const created = await system.put("/policies/default", policy);
        expect(created, "PUT of a new policy answers 201").toHaveStatus(201);
      },
      operation: (system, index) =>
        ask(system, { client: clients[index % clients.length]! }),
    });
    expect(ratio, `Decisions per second, divided by the reference's (${cost})`)
      .toBeGreaterThanOrEqual(0.55);
  });
});
