import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type Lab, type Reaction } from "@lab";
import {
  backendOf,
  nameBackends,
  setBackends,
  tally,
  threeOf,
  visits,
} from "./balancer.ts";
import { byLabel, samplesIn } from "./samples.ts";
import { bearer, SECRET, withClaims } from "./tokens.ts";

const EDGE = { auth: true, jwtSecret: SECRET, jwtAudience: "shop" } as const;
const LIMIT = 20;

describe("06.8 Edge security and observability", () => {
  check("06.8a", {
    title: "lets in who has a token of ours, and says who it is",
    kind: "api",
    hint:
      "HS256 and nothing else, whatever the header says; signature first, then aud, exp and nbf by context.clock. Overwrite X-User and X-Roles.",
    config: EDGE,
  }, async (lab) => {
    const [id] = threeOf(lab);
    nameBackends(lab);
    await setBackends(lab, { [id]: 1 });
    const user = lab.random.word(8);
    const nowSec = Math.floor(lab.clock.now() / 1000);
    const good = { sub: user, aud: "shop", exp: nowSec + 60 };
    const token = await bearer({ ...good, roles: ["buyer", "admin"] });
    const backend = lab.upstream(id);

    const admitted = await lab.get("/x", {
      headers: { ...token, "x-user": "root", "x-roles": "owner" },
    });
    expect(admitted, "A request with a valid token is passed on")
      .toHaveStatus(200);
    const seen = visits(backend).at(-1)!.headers;
    expect(
      ["x-user", "x-roles", "authorization"].map((name) => seen.get(name)),
      "The backend sees who it is and what they may do, by the token and not by the client, and not the token",
    ).toEqual([user, "buyer,admin", null]);
    const other = await bearer({ ...good, aud: ["mail", "shop"], nbf: nowSec });
    expect(
      await lab.get("/x", { headers: other }),
      "aud may be a list, and nbf the present second",
    ).toHaveStatus(200);
    expect(
      visits(backend).at(-1)!.headers.get("x-roles"),
      "Without roles in the token X-Roles is empty",
    ).toBe("");

    const before = visits(backend).length;
    const none = { header: { alg: "none" } };
    const bad: Record<string, { authorization?: string }> = {
      "no token": {},
      "a password": { authorization: `Basic ${btoa(`${user}:secret`)}` },
      "no JWT at all": { authorization: `Bearer ${lab.random.word(20)}` },
      "alg none": await bearer(good, none),
      "alg nOnE": await bearer(good, { header: { alg: "nOnE" } }),
      "alg HS512": await bearer(good, { header: { alg: "HS512" } }),
      "somebody else's key": await bearer(good, { secret: "guessed" }),
      "claims that were changed": withClaims(token, { ...good, sub: "root" }),
      "another audience": await bearer({ ...good, aud: "shop2" }),
      "no audience": await bearer({ ...good, aud: undefined }),
      "an end that is now": await bearer({ ...good, exp: nowSec }),
      "no end": await bearer({ ...good, exp: undefined }),
      "a beginning in a minute": await bearer({ ...good, nbf: nowSec + 60 }),
      "no user": await bearer({ ...good, sub: undefined }),
      "roles that are no list": await bearer({ ...good, roles: "admin" }),
    };
    for (const [what, headers] of Object.entries(bad)) {
      const answer = await lab.get("/x", {
        headers: headers as Record<string, string>,
      });
      expect(answer, `A request with ${what} is 401`).toHaveStatus(401);
      expect(
        [answer.json?.code, answer.headers.get("www-authenticate")],
        "…which says what is needed",
      ).toEqual(["unauthenticated", "Bearer"]);
    }
    await lab.clock.advance(60_000);
    expect(
      await lab.get("/x", { headers: token }),
      "A token is good until its exp, by the clock",
    ).toHaveStatus(401);
    expect(visits(backend).length, "No backend hears of any of these")
      .toBe(before);
  });

  check("06.8b", {
    title: "keeps paths for the roles that they are meant for",
    kind: "api",
    hint:
      "Decode the path, resolve its dots, and compare whole segments: /internal is not /internals, and /%69nternal is /internal to the backend.",
    config: { ...EDGE, roles: "/internal=admin,/reports/all=analyst" },
  }, async (lab) => {
    const [id] = threeOf(lab);
    nameBackends(lab);
    await setBackends(lab, { [id]: 1 });
    const exp = Math.floor(lab.clock.now() / 1000) + 3600;
    const as = (...roles: string[]) =>
      bearer({ sub: lab.random.word(6), aud: "shop", exp, roles });
    // What a client says in X-Roles opens nothing.
    const buyer = {
      ...await as("buyer", "administrator"),
      "x-roles": "admin,analyst",
    };
    const admin = await as("admin");
    const cases: [path: string, buyer: number, admin: number][] = [
      ["/x", 200, 200],
      ["/internal", 403, 200],
      ["/internal/a/b?c=d", 403, 200],
      ["/%69nternal/a", 403, 200],
      ["/x/../internal", 403, 200],
      ["/x/..%2Finternal", 403, 200],
      ["/internals", 200, 200],
      ["/x/internal", 200, 200],
      ["/reports/all", 403, 403],
      ["/reports/all/2", 403, 403],
      ["/reports/mine", 200, 200],
    ];
    for (const [path, ...statuses] of lab.random.shuffle(cases)) {
      const answers = [
        await lab.get(path, { headers: buyer }),
        await lab.get(path, { headers: admin }),
      ];
      expect(
        answers.map(({ status }) => status),
        `${path} is for whom it is meant: without the role 403 (a buyer, an admin)`,
      ).toEqual(statuses);
    }
    const refused = await lab.get("/internal", { headers: buyer });
    expect(refused.json?.code, "…with the code forbidden").toBe("forbidden");
    for (const path of ["/%zznternal", "/x/100%"]) {
      const answer = await lab.get(path, { headers: admin });
      expect(answer, `${path} cannot be decoded, so it is nobody's: 400`)
        .toHaveStatus(400);
      expect(answer.json?.code, "…malformed_path").toBe("malformed_path");
    }
    expect(
      await lab.get("/internal"),
      "Without a token it is 401 all the same",
    ).toHaveStatus(401);
    const forged = await bearer(
      { sub: lab.random.word(6), aud: "shop", exp, roles: ["buyer"] },
      { secret: "guessed" },
    );
    expect(
      await lab.get("/internal", { headers: forged }),
      "First 401, then 403: a token that is not ours has no roles",
    ).toHaveStatus(401);
    const allowed = cases.flatMap(([, one, two]) => [one, two])
      .filter((status) => status === 200).length;
    expect(visits(lab.upstream(id)).length, "A backend hears of no other")
      .toBe(allowed);
  });

  check("06.8c", {
    title: "counts a user's requests over all instances",
    kind: "redis",
    hint:
      "INCR says which number you are; reading first and counting afterwards lets a crowd through. Let people in while Redis is away.",
    config: { ...EDGE, limitPerMin: LIMIT, balance: "consistent_hash" },
    instances: 2,
  }, async (lab) => {
    const ids = threeOf(lab);
    nameBackends(lab);
    await setBackends(lab, Object.fromEntries(ids.map((id) => [id, 1])));
    const exp = Math.floor(lab.clock.now() / 1000) + 3600;
    const headersOf = () =>
      bearer({ sub: lab.random.word(8), aud: "shop", exp });
    const [headers, others] = [await headersOf(), await headersOf()];
    // What a client says in X-User makes nobody another user.
    const ask = (index: number) =>
      lab.on(index).get("/x", {
        headers: { ...headers, "x-user": lab.random.word(8) },
      });
    await lab.clock.advance(15_000);
    const answers = await lab.holdWrites("redis", () => lab.burst(30, ask));
    expect(
      answers.statuses,
      `Of 30 requests of one user within a minute, on two instances, exactly ${LIMIT} pass`,
    ).toEqual({ 200: LIMIT, 429: 30 - LIMIT });
    // By 20 names of the client's choice they would go to one backend once in 3^19.
    expect(
      ids.filter((id) => visits(lab.upstream(id)).length > 0),
      "By consistent_hash all go to one backend: the user is who the token says",
    ).toHaveLength(1);
    const refused = answers.withStatus(429)[0]!;
    expect(
      [refused.json?.code, refused.headers.get("retry-after")],
      "The others hear that the next minute begins in 45 s",
    ).toEqual(["rate_limited", "45"]);
    expect(
      await lab.get("/x", { headers: others }),
      "Another user has a limit of their own",
    ).toHaveStatus(200);
    // Lifetimes in Redis run in real time as well: a slow machine gets five seconds of it.
    await lab.clock.advance(40_000);
    expect(await ask(1), "Five seconds before the next minute it is still 429")
      .toHaveStatus(429);
    await lab.clock.advance(5_000);
    expect(await ask(1), "In the next minute it is 200").toHaveStatus(200);

    using away = lab.cut({ store: "redis" });
    expect(
      await lab.get("/x", { headers: others }),
      "While Redis is away requests pass",
    ).toHaveStatus(200);
    if (away.hits === 0) lab.inconclusive("Nobody was connected to Redis");
  });

  check("06.8d", {
    title: "tells what happened: counts, one id, one trace, no secrets",
    kind: "api",
    hint:
      "Count where an answer leaves and where a backend was asked, retries too. Log one line a request: id, method, path without query, status.",
    config: { ...EDGE, retryBudget: 10 },
  }, async (lab) => {
    const ids = threeOf(lab).slice(0, 2);
    await setBackends(lab, Object.fromEntries(ids.map((id) => [id, 1])));
    const exp = Math.floor(lab.clock.now() / 1000) + 3600;
    const token = await bearer({ sub: "ann", aud: "shop", exp });
    const [, claims = "", signature = ""] = token.authorization.split(".");
    const trace = hex(lab, 32);
    const parent = hex(lab, 16);
    const answers: Answer[] = [];
    const outcomes: string[] = [];
    for (let index = 0; index < 12; index++) {
      const status = lab.random.pick([200, 201, 404, 500, 503]);
      for (const id of ids) {
        const reaction = lab.random.pick<Reaction>([
          { status, body: { backend: id } },
          { status: 503 },
          { drop: true },
        ]);
        lab.upstream(id).script([], () => {
          outcomes.push(outcomeOf(reaction));
          return reaction;
        });
      }
      answers.push(
        await lab.get(`/x?password=${signature}`, {
          headers: {
            ...index === 4 ? {} : token,
            "x-request-id": `${trace}.${index}`,
            traceparent: `00-${trace}-${parent}-00`,
          },
        }),
      );
    }
    const calls = ids.flatMap((id) => lab.upstream(id).calls);
    const metrics = await lab.get("/metrics");
    expect(metrics, "GET /metrics is 200, for everybody").toHaveStatus(200);
    const counts = samplesIn(metrics.text);
    expect(
      byLabel(counts, "lb_requests_total", "status"),
      "lb_requests_total counts the answers to clients by status",
    ).toEqual(tally(answers.map(({ status }) => String(status))));
    expect(
      byLabel(counts, "lb_attempts_total", "backend"),
      "lb_attempts_total counts every request to a backend, by backend",
    ).toEqual(
      tally(ids.flatMap((id) => lab.upstream(id).calls.map(() => id))),
    );
    expect(
      byLabel(counts, "lb_attempts_total", "outcome"),
      "…and by outcome: a broken connection and a 503 are a failure, any other answer is a success",
    ).toEqual(tally(outcomes));
    const requests = answers.filter(({ status }) => status !== 401).length;
    expect(
      counts.find(({ name }) => name === "lb_retries_total")?.value ?? 0,
      "lb_retries_total counts those that were retries",
    ).toBe(calls.length - requests);

    const seen = calls.map(({ headers }) => headers.get("traceparent") ?? "");
    for (const one of seen) {
      expect(one, "A caller's trace goes on, with its flags, in a span of ours")
        .toMatch(new RegExp(`^00-${trace}-(?!${parent})[0-9a-f]{16}-00$`));
    }
    for (
      const senseless of [
        `00-${"0".repeat(32)}-${parent}-01`,
        `00-${trace}-${"0".repeat(16)}-01`,
        `00-${trace.toUpperCase()}A-${parent}-01`,
        trace,
      ]
    ) {
      nameBackends(lab);
      const id = backendOf(
        await lab.get("/y", { headers: { ...token, traceparent: senseless } }),
      );
      const fresh = lab.upstream(id).calls.at(-1)?.headers.get("traceparent");
      expect(fresh, `Instead of traceparent: ${senseless} a new trace begins`)
        .toMatch(
          new RegExp(`^00-(?!${trace}|0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$`),
        );
    }

    const logs = () =>
      lab.trace.filter(({ kind }) => kind === "log").map(({ text }) => text);
    for (const [index, { status }] of answers.entries()) {
      const requestId = `${trace}.${index}`;
      await lab.eventually(() => {
        const lines = logs().filter((text) => text.includes(`"${requestId}"`));
        expect(lines.length, "One line is logged for each request, with its id")
          .toBe(1);
        expect(lines[0], "…and its status").toMatch(String(status));
      });
    }
    for (const secret of [claims, signature]) {
      expect(
        logs().filter((text) => text.includes(secret.slice(0, 12))),
        "No token and no query is logged",
      ).toEqual([]);
    }
  });

  check("06.8e", {
    title: "refuses in order, and counts only what it lets pass",
    kind: "redis",
    hint:
      "First the token, then the roles, and the limit last: count for a user when you know that it is this user, and that a backend will be asked.",
    config: { ...EDGE, limitPerMin: LIMIT, roles: "/internal=admin" },
  }, async (lab) => {
    const [id] = threeOf(lab);
    nameBackends(lab);
    await setBackends(lab, { [id]: 1 });
    const exp = Math.floor(lab.clock.now() / 1000) + 3600;
    const claims = { sub: lab.random.word(8), aud: "shop", exp };
    const token = await bearer(claims);
    const forged = await bearer(claims, { secret: "guessed" });
    const ask = async (path: string, headers: Record<string, string>) =>
      (await lab.burst(LIMIT + 1, () => lab.get(path, { headers }))).statuses;

    expect(
      await ask("/x", forged),
      `${LIMIT + 1} requests with a forged token are 401, none of them 429`,
    ).toEqual({ 401: LIMIT + 1 });
    expect(
      await ask("/internal", token),
      `${LIMIT + 1} requests for what is forbidden are 403, none of them 429`,
    ).toEqual({ 403: LIMIT + 1 });
    expect(
      await ask("/x", token),
      `Those have used up nothing: the user whom they name still has ${LIMIT}`,
    ).toEqual({ 200: LIMIT, 429: 1 });
    expect(
      await ask("/internal", token),
      "Also over the limit it is first 403, then 429",
    ).toEqual({ 403: LIMIT + 1 });
    expect(visits(lab.upstream(id)).length, "A backend hears of no other")
      .toBe(LIMIT);
  });
});

function outcomeOf(reaction: Reaction): string {
  return "status" in reaction && reaction.status !== 503
    ? "success"
    : "failure";
}

function hex(lab: Lab, length: number): string {
  return Array.from(
    { length },
    () => lab.random.integer(1, 15).toString(16),
  ).join("");
}
