import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import {
  admitted,
  ask,
  askTimes,
  doubtIfSlow,
  freshClient,
  setPolicy,
  standing,
  toWindowStart,
} from "./gateway.ts";

describe("03.1 Fixed window", () => {
  check("03.1a", {
    title: "passes on what it admits, unchanged, and nothing else",
    kind: "api",
    hint:
      "Decide first, forward second; method, path, query, headers and body go on as they came.",
  }, async (lab) => {
    const api = lab.upstream("api");
    const made = { id: lab.random.word() };
    api.script([], {
      status: 201,
      body: made,
      headers: { "x-made-by": "api" },
    });
    await setPolicy(lab, { algorithm: "fixed", limit: 1, windowSec: 60 });
    const callsBefore = api.calls.length;

    const order = { sku: lab.random.word() };
    const headers = { "x-api-key": freshClient(lab), "x-trace": "t1" };
    const path = `/api/orders?draft=${lab.random.integer(1, 9)}`;
    const answer = await lab.post(path, order, { headers });
    expect(answer, "The answer of the API comes back").toHaveStatus(201);
    expect(answer.json, "…with its body").toEqual(made);
    expect(answer.headers.get("x-made-by"), "…and its headers").toBe("api");
    const call = api.calls[callsBefore];
    expect(call?.method, "The API gets the method").toBe("POST");
    expect(call?.path, "…the path with its query").toBe(path);
    expect(call?.headers.get("x-trace"), "…the headers").toBe("t1");
    expect(JSON.parse(call?.body ?? "null"), "…the body").toEqual(order);

    const refused = await lab.post(path, order, { headers });
    expect(refused, "The second request is over the limit").toHaveStatus(429);
    expect(refused.json?.code, "…and says so").toBe("rate_limited");
    expect(
      api.calls.length - callsBefore,
      "A refused request never reaches the API",
    ).toBe(1);
  });

  check("03.1b", {
    title: "admits exactly the limit and tells the client where it stands",
    kind: "api",
    hint:
      'RateLimit: "default";r=2;t=60 — r counts down to 0, t is the rest of the window in whole seconds, rounded up.',
  }, async (lab) => {
    const limit = lab.random.integer(3, 9);
    const windowSec = lab.random.pick([60, 300, 3600]);
    await setPolicy(lab, { algorithm: "fixed", limit, windowSec });
    await toWindowStart(lab, windowSec);
    const goneSec = lab.random.integer(1, windowSec - 20);
    await lab.clock.advance(goneSec * 1000 + 200);

    const policy = `"default";q=${limit};w=${windowSec}`;
    const restSec = windowSec - goneSec; // 200 ms less, rounded up
    const client = freshClient(lab);
    for (let left = limit - 1; left >= 0; left--) {
      const answer = await ask(lab, { client });
      expect(answer, `${limit} requests per window pass`).toHaveStatus(200);
      expect(standing(answer), "Each answer says what is left").toEqual({
        policy,
        rateLimit: `"default";r=${left};t=${restSec}`,
        retryAfter: null,
      });
    }
    for (const answer of await askTimes(lab, 3, { client })) {
      expect(answer, `…and not one more`).toHaveStatus(429);
      expect(standing(answer), "t and Retry-After agree").toEqual({
        policy,
        rateLimit: `"default";r=0;t=${restSec}`,
        retryAfter: String(restSec),
      });
    }
  });

  check("03.1c", {
    title: "opens again after t seconds, and not a second earlier",
    kind: "api",
    hint:
      "Windows begin at multiples of windowSec since 1970, not at a client's first request, and a refused request changes nothing.",
  }, async (lab) => {
    const limit = lab.random.integer(2, 5);
    await setPolicy(lab, { algorithm: "fixed", limit, windowSec: 60 });
    await toWindowStart(lab, 60);
    await lab.clock.advance(lab.random.integer(10, 40) * 1000);

    const client = freshClient(lab);
    const startedMs = performance.now();
    const answers = await askTimes(lab, limit + 1, { client });
    expect(admitted(answers), "The limit passes").toBe(limit);
    const waitSec = Number(answers.at(-1)!.headers.get("retry-after"));
    expect(waitSec, "The window is aligned: it ends at a full minute")
      .toBe(60 - lab.clock.now() / 1000 % 60);

    await lab.clock.advance((waitSec - 1) * 1000);
    const early = await ask(lab, { client });
    if (early.status === 200) doubtIfSlow(lab, startedMs);
    expect(early, "A second before its end the window is closed")
      .toHaveStatus(429);
    await lab.clock.advance(1000);
    const fresh = await askTimes(lab, limit + 1, { client });
    expect(admitted(fresh), "The next window has the whole limit").toBe(limit);
  });

  check("03.1d", {
    title: "knows who is asking",
    kind: "api",
    hint:
      "X-Api-Key first; else the last entry of X-Forwarded-For, the only one that the edge wrote; of IPv6 the first 64 bits.",
  }, async (lab) => {
    await setPolicy(lab, { algorithm: "fixed", limit: 1, windowSec: 3600 });
    const n = lab.random.integer(1, 250);
    const key = freshClient(lab);
    const rows: [who: Record<string, string>, status: number, rule: string][] =
      [
        [{ "x-forwarded-for": `10.0.0.${n}` }, 200, "A client by address"],
        [{ "x-forwarded-for": `10.0.1.${n}` }, 200, "Another address"],
        [
          { "x-forwarded-for": `1.2.3.4, 10.0.0.${n}` },
          429,
          "What a client wrote left of the edge's entry makes it nobody else",
        ],
        [{ "x-forwarded-for": `2001:db8:0:${n}::1` }, 200, "An IPv6 client"],
        [
          { "x-forwarded-for": `2001:db8:0:${n}:a:b:c:d` },
          429,
          "The same 64-bit network is the same client",
        ],
        [
          { "x-forwarded-for": `2001:0DB8:0000:${n}::2` },
          429,
          "…however it is written",
        ],
        [
          { "x-forwarded-for": `2001:db8:1:${n}::1` },
          200,
          "Another network is another client",
        ],
        [
          { "x-forwarded-for": `2001:db8::${n}` },
          200,
          "Zeros that are left out count: this is the network 2001:db8:0:0",
        ],
        [
          { "x-forwarded-for": `2001:db8:0:0:a::${n}` },
          429,
          "…and so is this",
        ],
        [
          { "x-api-key": key, "x-forwarded-for": `10.0.0.${n}` },
          200,
          "A key comes before the address",
        ],
        [
          { "x-api-key": key, "x-forwarded-for": "10.9.9.9" },
          429,
          "…and is the same client from anywhere",
        ],
        [
          { "x-api-key": `10.0.0.${n}` },
          200,
          "A key that looks like an address is not that address",
        ],
        [{}, 200, "A client with neither key nor address"],
        [{}, 429, "All without key and address are one client"],
      ];
    for (const [headers, status, rule] of rows) {
      const answer = await lab.get("/api/x", { headers });
      expect(answer, `${rule}: ${JSON.stringify(headers)}`)
        .toHaveStatus(status);
    }
  });

  check("03.1e", {
    title: "goes by the policy of the path, and takes only what makes sense",
    kind: "api",
    hint:
      "The policy named like the first segment after /api/, else default, else no limit at all; each counts for itself.",
  }, async (lab) => {
    const client = freshClient(lab);
    const free = await ask(lab, { client });
    expect(free, "Without any policy everything passes").toHaveStatus(200);
    expect(
      free.headers.has("ratelimit-policy"),
      "…and nothing is said about limits",
    ).toBe(false);

    const policy = { algorithm: "fixed", limit: 2, windowSec: 60 };
    await setPolicy(lab, policy);
    await setPolicy(lab, { ...policy, limit: 1 }, "search");
    const statuses: number[] = [];
    const paths = ["/api/search/a", "/api/search", "/api/searches", "/api/y"];
    for (const path of paths) {
      statuses.push((await ask(lab, { client, path })).status);
    }
    expect(
      statuses,
      "1 for /api/search and what is below it, and 2 for all other paths together, also /api/searches",
    ).toEqual([200, 429, 200, 200]);

    const stored = await lab.get("/policies/search");
    expect(stored.json, "GET shows the policy with its defaults").toEqual({
      ...policy,
      limit: 1,
      failMode: "open",
    });
    const missing = await lab.get("/policies/nobody");
    expect(missing, "There is no such policy").toHaveStatus(404);

    const rows: [body: unknown, status: number][] = [
      [{ ...policy, algorithm: "leaky" }, 422],
      [{ ...policy, limit: 0 }, 422],
      [{ ...policy, limit: 1.5 }, 422],
      [{ ...policy, windowSec: "60" }, 422],
      [{ ...policy, burst: 5 }, 422],
      [{ ...policy, failMode: "ajar" }, 422],
      [{ algorithm: "concurrency", limit: 5, windowSec: 60 }, 422],
      ["just text", 400],
    ];
    for (const [body, status] of rows) {
      const answer = await lab.put("/policies/other", body);
      const rule = `${JSON.stringify(body)} is refused`;
      expect(answer, rule).toHaveStatus(status);
      expect(answer.json?.code, rule)
        .toBe(status === 400 ? "malformed_body" : "invalid_policy");
    }
  });
});
