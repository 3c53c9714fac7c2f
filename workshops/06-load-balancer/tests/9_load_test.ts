import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import { HOLD, sendAndHold, setBackends, threeOf } from "./balancer.ts";

const REQUESTS = 500;
const AT_A_TIME = 16;
const CONNECTIONS_MAX = 24;

describe("06.9 Kept connections", () => {
  check("06.9a", {
    title: "serves 500 requests over 24 connections",
    kind: "load",
    hint:
      "When an answer has been read to its end, its connection is free for the next request, after a POST, a HEAD and a 204 too. Keep as many as were busy at a time.",
    timeoutMs: 20_000,
  }, async (lab) => {
    const [id] = threeOf(lab);
    const backend = lab.upstream(id);
    await setBackends(lab, { [id]: 1 });
    const { wire } = await lab.count(async () => {
      backend.script([], HOLD);
      const crowd = await sendAndHold(lab, AT_A_TIME, [id]);
      backend.release();
      for (const answers of crowd) {
        expect(
          (await answers).map(({ status }) => status),
          `${AT_A_TIME} requests are under way side by side`,
        ).toEqual(Array(AT_A_TIME).fill(200));
      }
      backend.script(
        [],
        ({ path, body }) =>
          path.startsWith("/empty")
            ? { status: 204 }
            : { status: 200, body: { path, body } },
      );
      await askMany(lab, REQUESTS - AT_A_TIME);
    });
    expect(
      wire.connections.upstreams[id],
      `For ${REQUESTS} requests, ${AT_A_TIME} at a time, at most ${CONNECTIONS_MAX} connections are opened to the backend`,
    ).toBeLessThanOrEqual(CONNECTIONS_MAX);
    expect(wire.upstreams[id], "…over which each request is sent once")
      .toBe(REQUESTS);
    expect(
      wire.redis.commands,
      "…and without sessions and limits Redis is not asked",
    ).toBe(0);
    expect(
      wire.postgres.statements.length,
      "…nor Postgres, other than for a newer list now and then",
    ).toBeLessThanOrEqual(REQUESTS / 2);
  });

  check("06.9b", {
    title: "sends no request over a connection that is dead or not at its end",
    kind: "fault",
    hint:
      "A connection may be used again when question and answer have passed whole. Read on it while it is idle: what comes there is its end.",
    config: { attemptTimeoutMs: 1500 },
  }, async (lab) => {
    const [id] = threeOf(lab);
    const backend = lab.upstream(id);
    await setBackends(lab, { [id]: 1 });
    const echo = () =>
      backend.script([], ({ path }) => ({ status: 200, body: { path } }));
    const expectOwn = async (rule: string) => {
      for (let asked = 0; asked < 3; asked++) {
        const path = `/${lab.random.word(12)}`;
        const before = backend.calls.length;
        const answer = await lab.post(path, "hello");
        expect([answer.status, answer.json?.path], rule).toEqual([200, path]);
        expect(
          backend.calls.slice(before).map((call) => call.path),
          "…and the backend sees it once",
        ).toEqual([path]);
      }
    };

    backend.script([], HOLD);
    const crowd = await sendAndHold(lab, 4, [id]);
    backend.release();
    await Promise.all(crowd);
    const cut = lab.cut({ upstream: id });
    cut.heal();
    // What comes after the ends of four connections: by then they have been seen.
    for (let n = 0; n < 3; n++) await lab.get("/admin/backends");
    echo();
    await expectOwn(
      "When the backend has closed the idle connections, the next requests are sent over others",
    );

    backend.script([{ status: 200, pieces: ["one half,", "the other"] }]);
    const half = await lab.on(0).open("GET", "/half", { hasBody: false });
    await lab.eventually(() =>
      expect(half.received, "The client has the half that there is")
        .toMatch("one half,")
    );
    half.close();
    await lab.eventually(async () => {
      const { backends } = (await lab.get("/admin/backends")).json;
      expect(
        backends[0].inFlight,
        "A request whose client has left is not under way any more",
      ).toBe(0);
    });
    echo();
    await expectOwn(
      "After a client has left in the middle of an answer, the next one does not get the rest of it",
    );
    backend.release();

    // Deno's request.body is null for a GET, whatever came with it.
    expect(
      await lab.request("GET", "/with", { body: "a body" }),
      "A GET with a body is answered",
    ).toHaveStatus(200);
    expect(
      backend.calls.at(-1)?.headers.get("content-length") ?? "0",
      "…and announces nothing to the backend that does not come: the next request would be taken for it",
    ).toBe("0");

    backend.script([HOLD]);
    const late = await lab.get("/late");
    expect(late, "Without an answer in time it is 504").toHaveStatus(504);
    echo();
    backend.release();
    await expectOwn("An answer that comes too late reaches nobody else");
  });
});

/** All sorts of requests, so many at a time; each must get its own answer. */
async function askMany(lab: Lab, count: number): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (next < count) await askOne(lab, next++);
    }),
  );
}

async function askOne(lab: Lab, index: number): Promise<void> {
  const path = `/${index % 5 === 4 ? "empty" : "x"}/${index}`;
  const body = index % 2 === 0 ? undefined : `body ${index}`;
  const method = body ? "POST" : index % 6 === 0 ? "HEAD" : "GET";
  const answer = await lab.request(method, path, { body });
  expect(
    [answer.status, answer.json],
    `Each request gets its own answer, also a ${method}`,
  ).toEqual(
    path.startsWith("/empty") ? [204, undefined] : [
      200,
      method === "HEAD"
        ? undefined
        : { path, body: body ? JSON.stringify(body) : "" },
    ],
  );
}
