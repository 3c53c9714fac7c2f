import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import { ask, askTimes, freshClient, setPolicy } from "./gateway.ts";

const ALGORITHMS = ["fixed", "token_bucket", "sliding_log", "sliding_counter"];

describe("03.4 Distributed", () => {
  check("03.4a", {
    title: "counts once for all instances",
    kind: "redis",
    hint:
      "A Map in the process knows only what that process has admitted. Count in Redis.",
    instances: 2,
  }, async (lab) => {
    const limit = lab.random.integer(3, 6);
    for (const algorithm of ALGORITHMS) {
      await setPolicy(lab, { algorithm, limit, windowSec: 3600 }, algorithm);
      const request = { client: freshClient(lab), path: `/api/${algorithm}` };
      const left: (string | undefined)[] = [];
      for (let sent = 0; sent < limit; sent++) {
        const { headers } = await ask(lab.on(sent), request);
        left.push(headers.get("ratelimit")?.split(";")[1]);
      }
      expect(
        left,
        `${algorithm}: asked in turns, both instances count down together`,
      ).toEqual(left.map((_, sent) => `r=${limit - 1 - sent}`));
      for (const instance of lab.instances) {
        const refused = await ask(instance, request);
        expect(refused, `${algorithm}: then both refuse`).toHaveStatus(429);
      }
    }
  });

  check("03.4b", {
    title: "admits exactly the limit, however the instances race",
    kind: "race",
    hint:
      "Two instances read the same count before either writes. Look, decide and write in one step in the store.",
    instances: 2,
  }, async (lab) => {
    const limit = lab.random.pick([6, 8, 9, 10, 12]);
    for (const algorithm of ALGORITHMS) {
      await setPolicy(lab, { algorithm, limit, windowSec: 3600 }, algorithm);
      const request = { client: freshClient(lab), path: `/api/${algorithm}` };
      await askTimes(lab, limit - 1, request);
      lab.mark();
      const answers = await lab.holdWrites(
        "both",
        () => lab.burst(40, (index) => ask(lab.on(index), request)),
      );
      expect(
        answers.statuses,
        `${algorithm}: ${
          limit - 1
        } of ${limit} have passed; of 40 more at once on two instances exactly 1 does`,
      ).toEqual({ 200: 1, 429: 39 });
    }
  });

  check("03.4c", {
    title: "leaves nothing behind in Redis",
    kind: "redis",
    hint:
      "Every key needs a lifetime, set whenever it is written; three windows after a client's last request it is gone.",
    instances: 2,
  }, async (lab) => {
    const policy = { limit: 4, windowSec: 60 };
    for (const algorithm of ALGORITHMS) {
      await setPolicy(lab, { algorithm, ...policy }, algorithm);
    }
    await lab.clock.advance(180_000);
    const keysBefore = await lab.redis.keys("*");
    for (const algorithm of ALGORITHMS) {
      const path = `/api/${algorithm}`;
      const clients = Array.from({ length: 5 }, () => freshClient(lab));
      for (const client of clients) {
        await askTimes(lab.on(0), 3, { client, path });
        await askTimes(lab.on(1), 3, { client, path });
      }
    }
    await lab.clock.advance(180_000);
    expect(
      await newKeys(lab, keysBefore),
      "Three windows later Redis holds nothing of 20 clients",
    ).toEqual([]);
  });

  check("03.4d", {
    title: "locks nobody out for ever, wherever it crashes",
    kind: "fault",
    hint:
      "A crash between INCR and EXPIRE leaves a count without an end. Give the lifetime in the same step.",
    timeoutMs: 120_000,
  }, async (lab) => {
    const another = lab.random.pick(ALGORITHMS.slice(1));
    for (const algorithm of ["fixed", another]) {
      const policy = { algorithm, limit: 1, windowSec: 60 };
      await setPolicy(lab, policy, algorithm);
      await lab.clock.advance(180_000);
      const keysBefore = await lab.redis.keys("*");
      const path = `/api/${algorithm}`;
      const clients = new Map<number, string>();
      await lab.crashSweep({
        before: (point) => {
          clients.set(point, freshClient(lab));
          return Promise.resolve();
        },
        operation: (point) => ask(lab, { client: clients.get(point)!, path }),
        verify: async ({ index, side, message }) => {
          await setPolicy(lab, policy, algorithm);
          await lab.clock.advance(180_000);
          const request = { client: clients.get(index)!, path };
          const where = `Killed ${side} ${message}, three windows ago`;
          expect(
            (await askTimes(lab, 2, request)).map(({ status }) => status),
            `${where}: the client has its limit again, and a limit`,
          ).toEqual([200, 429]);
          await lab.clock.advance(180_000);
          expect(
            await newKeys(lab, keysBefore),
            `${where}: nothing of it is left in Redis`,
          ).toEqual([]);
        },
      });
    }
  });
});

async function newKeys(lab: Lab, before: readonly string[]): Promise<string[]> {
  const keys = await lab.redis.keys("*");
  return keys.filter((key) => !before.includes(key));
}
