import { describe } from "@std/testing/bdd";
import { check, expect, type Lab, redisBytes } from "@lab";
import { arrivals } from "./arrivals.ts";
import {
  admitted,
  ask,
  askTimes,
  countingStore,
  freshClient,
  setPolicy,
  standing,
} from "./gateway.ts";

const HOLD = { status: 200, hold: true } as const;

describe("03.7 Concurrency and shedding", () => {
  check("03.7a", {
    title: "knows how many requests are under way, on all instances together",
    kind: "redis",
    hint:
      "Take a slot before you forward, in Redis; give it back when the answer has come.",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "concurrency", limit: 3 });
    lab.clock.skew(lab.on(1), 300_000); // Five leases ahead: slots, too, go by one clock.
    const client = freshClient(lab);
    const api = lab.upstream("api");
    api.script([], HOLD);
    const crowd = arrivals(lab);
    const gone = crowd.send(3, (index) => ({ on: index, client }));
    await crowd.settle(3);
    expect(api.held, "Three requests are under way").toBe(3);
    for (const instance of lab.instances) {
      const refused = await ask(instance, { client });
      expect(refused, "A fourth is refused on both instances")
        .toHaveStatus(429);
      expect(refused.json?.code, "…which says why").toBe("too_many_in_flight");
      expect(standing(refused), "…and tells the client where it stands")
        .toEqual({
          policy: '"default";q=3;qu="concurrent-requests"',
          rateLimit: '"default";r=0',
          retryAfter: "1",
        });
    }
    api.script([], { status: 200 });
    const another = await ask(lab, { client: freshClient(lab) });
    expect(another, "Another client has slots of its own").toHaveStatus(200);
    api.release();
    await gone;
    const after = await ask(lab.on(1), { client });
    expect(after, "When they are answered the slots are free")
      .toHaveStatus(200);
    expect(standing(after), "…all of them, save the one of this request")
      .toEqual({
        policy: '"default";q=3;qu="concurrent-requests"',
        rateLimit: '"default";r=2',
        retryAfter: null,
      });
  });

  check("03.7b", {
    title: "never has more than the limit under way, however many arrive",
    kind: "race",
    hint:
      "Count and take the slot in one step in the store; give it back when the answer has come.",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "concurrency", limit: 20 });
    const client = freshClient(lab);
    const api = lab.upstream("api");
    api.script([], HOLD);

    const crowd = arrivals(lab);
    const early = crowd.send(19, (index) => ({ on: index, client }));
    await crowd.settle(19);
    const late = lab.holdWrites(
      "both",
      () => crowd.send(11, (index) => ({ on: index, client })),
    );
    await crowd.settle(30);
    expect(api.held, "19 are under way, 11 more come at once: then it is 20")
      .toBe(20);
    expect(crowd.answers.map(({ status }) => status), "The others hear 429")
      .toEqual(Array(10).fill(429));

    api.script([], { status: 200 });
    api.release();
    await Promise.all([early, late]);
    expect(admitted(crowd.answers), "All 20 were answered").toBe(20);
    const after = await ask(lab.on(1), { client });
    expect(after.headers.get("ratelimit"), "Then all slots are free again")
      .toBe('"default";r=19');
  });

  check("03.7c", {
    title: "gives the slot back, however the API ends the call",
    kind: "fault",
    hint: "Release in finally (or await using), not after the happy path.",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "concurrency", limit: 2 });
    const client = freshClient(lab);
    const api = lab.upstream("api");
    const reactions = [
      { status: 200 },
      { status: 500 },
      { drop: true },
      { drop: true },
      { status: 429 },
    ] as const;
    for (const reaction of reactions) {
      api.script([reaction]);
      const answer = await ask(lab, { client });
      const isDropped = "drop" in reaction;
      expect(
        answer,
        isDropped
          ? "An API that breaks off is a 502"
          : `A ${reaction.status} of the API comes back`,
      ).toHaveStatus(isDropped ? 502 : reaction.status);
      if (isDropped) {
        expect(answer.json?.code, "…and says so").toBe("upstream_failed");
        expect(answer.headers.get("ratelimit"), "…and where the client stands")
          .toBe('"default";r=1');
      }
    }
    const callsBefore = api.calls.length;
    for (const answer of await askTimes(lab.on(1), 3, { client })) {
      expect(answer, "Both slots are free after each of these ends")
        .toHaveStatus(200);
    }
    expect(api.calls.length - callsBefore, "…and the API was asked").toBe(3);
  });

  check("03.7d", {
    title: "gets the slots of a killed instance back after the lease",
    kind: "fault",
    hint:
      "A counter that a dead instance has increased stays too high. Give each slot an end: a sorted set by expiry. That goes for the fleet's slots, too.",
    instances: 2,
    config: { fleetLimit: 10, leaseSec: 120 },
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "concurrency", limit: 5 });
    const client = freshClient(lab);
    const api = lab.upstream("api");
    api.script([], HOLD);
    const [survivor, victim] = [lab.on(0), lab.on(1)];
    const crowd = arrivals(lab);
    const gone = crowd.send(4, () => ({ on: 1, client }));
    await crowd.settle(4);
    if (api.held < 4) lab.inconclusive("Fewer than 4 requests were under way");
    await victim.kill();
    await gone;
    api.release(); // Their answers reach nobody any more.

    api.script([], { status: 200 });
    await lab.clock.advance(70_000);
    const half = await askTimes(survivor, 3, { client });
    expect(admitted(half), "One slot was still free").toBe(3);
    expect(
      await refusedOf(lab, 2, client),
      "More than half a lease later the other four are still taken: of 2 requests 1 is refused",
    ).toBe(1);
    await lab.clock.advance(51_000);
    expect(
      await refusedOf(lab, 6, client),
      "When the lease of 120 s is over, 5 of 6 requests find a slot, of the client's and of the fleet's",
    ).toBe(1);
  });

  check("03.7e", {
    title: "sheds what can wait at 80 % of the fleet, what cannot at 100 %",
    kind: "fault",
    hint:
      "Count everybody's requests under way; X-Priority: critical may use the last fifth of fleetLimit.",
    instances: 2,
    config: { fleetLimit: 20 },
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "fixed", limit: 1000, windowSec: 60 });
    await setPolicy(lab, { algorithm: "concurrency", limit: 1 }, "slots");
    const api = lab.upstream("api");
    api.script([], HOLD);
    const crowd = arrivals(lab);
    const sheddable = lab.holdWrites(
      "both",
      () =>
        crowd.send(24, (index) => ({ on: index, client: freshClient(lab) })),
    );
    await crowd.settle(24);
    expect(api.held, "Sheddable requests fill 80 % of the fleet: 16 of 20")
      .toBe(16);
    expect(crowd.answers.map(({ status }) => status), "The rest hear 503")
      .toEqual(Array(8).fill(503));
    const shed = crowd.answers[0]!;
    expect(shed.json?.code, "…and why").toBe("load_shed");
    expect(shed.headers.get("retry-after"), "…and when to try again")
      .toBe("1");

    const client = freshClient(lab);
    const critical = crowd.send(
      6,
      (index) => ({ on: index, client, priority: "critical" }),
    );
    await crowd.settle(30);
    expect(api.held, "Critical ones get the last 4 places, and no more")
      .toBe(20);
    expect(
      crowd.answers.slice(8).map(({ status }) => status),
      "Beyond 100 % even critical ones hear 503",
    ).toEqual([503, 503]);
    const single = { client, path: "/api/slots" };
    expect(
      await ask(lab, { ...single, priority: "critical" }),
      "…also under a concurrency policy",
    ).toHaveStatus(503);

    api.script([], { status: 200 });
    api.release();
    await Promise.all([sheddable, critical]);
    const after = await ask(lab, { client });
    expect(after, "When the load is gone everybody passes").toHaveStatus(200);
    expect(
      after.headers.get("ratelimit")?.split(";")[1],
      "A shed request took nothing from its client's limit",
    ).toBe("r=995");
    expect(
      await ask(lab, single),
      "…and no slot: the client's only one is free",
    )
      .toHaveStatus(200);
  });

  check("03.7f", {
    title: "needs at most 200 bytes of Redis for each client",
    kind: "redis",
    hint:
      "An attacker has many names, and long ones. Keep numbers, not JSON, not one entry per request where a count will do, and a hash instead of a name that is longer.",
    timeoutMs: 20_000,
  }, async (lab) => {
    const CLIENTS = 120;
    for (const algorithm of ["fixed", "token_bucket", "sliding_counter"]) {
      const policy = { algorithm, limit: 100, windowSec: 3600 };
      await setPolicy(lab, policy, algorithm);
      const path = `/api/${algorithm}`;
      const start = await redisBytes(lab);
      // Every third name is one that an attacker has chosen.
      const clients = Array.from(
        { length: CLIENTS },
        (_, index) =>
          freshClient(lab) + (index % 3 === 0 ? "x".repeat(2_000) : ""),
      );
      for (let round = 1; round <= 4; round++) {
        await lab.burst(
          CLIENTS,
          (index) => ask(lab, { client: clients[index]!, path }),
        );
      }
      const perClient = (await redisBytes(lab) - start) / CLIENTS;
      // The cost of one name; it is the same for the ten thousandth as for the first 120.
      expect(
        perClient,
        `${algorithm}: bytes per client after 4 requests each (MEMORY USAGE of all keys)`,
      ).toBeLessThanOrEqual(200);
      for (const twin of [`${clients[0]}y`, `y${clients[0]}`]) {
        const { headers } = await ask(lab, { client: twin, path });
        expect(
          headers.get("ratelimit")?.split(";")[1],
          `${algorithm}: two long names that differ in one letter are two clients`,
        ).toBe("r=99");
      }
    }
  });

  check("03.7g", {
    title: "has freed the slot by the time that the client has its answer",
    kind: "race",
    hint:
      "Await the release before you return the answer: the client may ask the other instance next.",
    instances: 2,
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "concurrency", limit: 1 });
    const client = freshClient(lab);
    const api = lab.upstream("api");
    api.script([], HOLD);
    const crowd = arrivals(lab);
    const gone = crowd.send(1, () => ({ on: 0, client }));
    await crowd.settle(1);
    api.script([], { status: 200 });

    // Whatever gives the slot back is held on its way to the store.
    const gates = [
      lab.holdNext(lab.on(0), "redis", /./),
      lab.holdNext(lab.on(0), "postgres", /\b(delete|update|insert)\b/i),
    ];
    api.release();
    await Promise.any(gates.map(({ reached }) => reached)).catch(() => {});
    // Markers on the same way: an answer that does not wait for the store is here after them.
    for (let n = 0; n < 10 && crowd.answers.length === 0; n++) {
      await lab.on(0).get("/nothing/here");
    }
    const isEarly = crowd.answers.length > 0;
    const next = isEarly ? await ask(lab.on(1), { client }) : undefined;
    gates.forEach((gate) => gate.release());
    await gone;
    expect(
      next ?? await ask(lab.on(1), { client }),
      "The only slot is free for the request that follows an answer, on the other instance",
    ).toHaveStatus(200);
  });

  check("03.7h", {
    title: "goes by failMode when the store that knows the slots is away",
    kind: "fault",
    hint:
      "Taking a slot has the same deadline as counting: open goes by this instance's own slots, closed is 503.",
    config: { storeDeadlineMs: 200 },
  }, async (lab) => {
    const policy = { algorithm: "concurrency", limit: 2 };
    await setPolicy(lab, policy, "open");
    await setPolicy(lab, { ...policy, failMode: "closed" }, "closed");
    const store = await countingStore(lab, "/api/open");
    const client = freshClient(lab);
    using outage = lab.blackhole({ store });
    const answers = await lab.burst(
      2,
      (index) =>
        ask(lab, { client, path: ["/api/open", "/api/closed"][index] }),
    );
    if (outage.hits === 0) lab.inconclusive(`Nobody asked ${store}`);
    expect(
      answers.map(({ status }) => status),
      "With the store silent failMode decides about slots, too: open passes, closed is 503",
    ).toEqual([200, 503]);
    expect(answers[1]!.json?.code, "…and says why").toBe("limiter_unavailable");
  });
});

/** How many of `count` requests at once are refused while the API holds the others. */
async function refusedOf(
  lab: Lab,
  count: number,
  client: string,
): Promise<number> {
  const api = lab.upstream("api");
  api.script([], HOLD);
  const crowd = arrivals(lab);
  const gone = crowd.send(count, () => ({ on: 0, client }));
  await crowd.settle(count);
  const refused = crowd.answers.length;
  api.script([], { status: 200 });
  api.release();
  await gone;
  return refused;
}
