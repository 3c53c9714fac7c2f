import { describe } from "@std/testing/bdd";
import { type Answer, check, expect, type Lab, type Requester } from "@lab";
import {
  backendOf,
  BACKENDS,
  nameBackends,
  named,
  setBackends,
  tally,
  threeOf,
  visits,
} from "./balancer.ts";
import { CHECK_EVERY_SEC, openClinic } from "./clinic.ts";

describe("06.4 Session persistence", () => {
  check("06.4a", {
    title: "sends a session to its backend, through every instance",
    kind: "api",
    hint:
      "What only one process knows, the other does not, and neither does the next one. Let the cookie say it, signed with config.cookieSecret.",
    config: { sticky: true },
    instances: 2,
  }, async (lab) => {
    const ids = threeOf(lab);
    const own = `seen=${lab.random.word(8)}; Path=/`;
    for (const id of ids) {
      lab.upstream(id)
        .script([], { ...named(id), headers: { "set-cookie": own } });
    }
    const weights = Object.fromEntries(ids.map((id) => [id, 1]));
    await setBackends(lab, weights);
    const sessions: { cookie: string; home: string }[] = [];
    for (let index = 0; index < 6; index++) {
      const answer = await lab.on(index).get("/x");
      sessions.push({ cookie: cookieOf(answer), home: backendOf(answer) });
      expect(
        answer.headers.getSetCookie(),
        "A backend's own Set-Cookie reaches the client, beside the balancer's",
      ).toContain(own);
    }
    nameBackends(lab);
    expect(
      new Set(sessions.map(({ home }) => home)).size,
      "Six new sessions are spread over all three backends",
    ).toBe(3);
    await expectAtHome("on both instances");
    for (const instance of lab.instances) await instance.restart();
    await setBackends(lab, weights);
    await expectAtHome("after a restart of both instances");
    const seen = ids.flatMap((id) => visits(lab.upstream(id)))
      .map(({ headers }) => headers.get("cookie"))
      .filter((cookie) => cookie !== null);
    expect(
      [...new Set(seen)],
      "The backend sees the client's other cookies, and not the balancer's",
    ).toEqual(["theme=dark; bulb=7; lang=en"]);

    async function expectAtHome(when: string): Promise<void> {
      for (const [index, { cookie, home }] of sessions.entries()) {
        for (const instance of [lab.on(index), lab.on(index + 1)]) {
          const answer = await instance.get("/x", {
            headers: { cookie: `theme=dark; bulb=7; ${cookie}; lang=en` },
          });
          expect(
            backendOf(answer),
            `A session stays at its backend, ${when}`,
          ).toBe(home);
          expect(
            answer.headers.get("set-cookie"),
            "A client with a valid cookie gets no new one",
          ).toBe(null);
        }
      }
    }
  });

  check("06.4b", {
    title: "moves a session once when its backend is down",
    kind: "fault",
    hint:
      "When home is not there, choose another, and say so in a new cookie: a session that moves at every request has lost its data each time.",
    config: {
      sticky: true,
      checkEverySec: CHECK_EVERY_SEC,
      fall: 1,
      rise: 1,
    },
  }, async (lab) => {
    const ids = threeOf(lab);
    const clinic = openClinic(lab, ids);
    await setBackends(lab, Object.fromEntries(ids.map((id) => [id, 1])));
    const first = await lab.get("/x");
    const home = backendOf(first);
    const old = cookieOf(first);
    clinic.set(home, { status: 500 });
    await clinic.checkUp({ [home]: { failed: 1 } });
    await lab.eventually(async () => {
      const shown = (await lab.get("/admin/backends")).json?.backends ?? [];
      expect(shown, "The backend is down").toContainEqual(
        expect.objectContaining({ id: home, state: "down" }),
      );
    });
    const moved = await withCookie(lab, old);
    expect(moved, "A session whose backend is down is served by another")
      .toHaveStatus(200);
    const next = backendOf(moved);
    expect(next, "…that is up").not.toBe(home);
    const fresh = cookieOf(moved);
    await expectToStay("while the old one is down");
    clinic.set(home, { status: 200 });
    await clinic.checkUp({ [home]: { passed: 1 } });
    await expectToStay("also when the old one is well again");
    await setBackends(
      lab,
      Object.fromEntries(
        ids.filter((id) => id !== next).map((id) => [id, 1]),
      ),
    );
    const movedAgain = await withCookie(lab, fresh);
    expect(
      backendOf(movedAgain),
      "A session whose backend has left the list is served by another",
    ).not.toBe(next);
    cookieOf(movedAgain);

    async function expectToStay(when: string): Promise<void> {
      for (let asked = 0; asked < 4; asked++) {
        const answer = await withCookie(lab, fresh);
        expect(
          [backendOf(answer), answer.headers.get("set-cookie")],
          `A session that has moved stays, ${when}, with the cookie that it got`,
        ).toEqual([next, null]);
      }
    }
  });

  check("06.4c", {
    title: "goes by no cookie that it has not given out",
    kind: "api",
    hint:
      "Whoever can choose a backend can aim at it. Sign what the cookie says, and compare the whole signature.",
    config: { sticky: true },
  }, async (lab) => {
    const ids = threeOf(lab);
    nameBackends(lab);
    await setBackends(lab, Object.fromEntries(ids.map((id) => [id, 1])));
    const first = await lab.get("/x");
    const value = cookieOf(first).slice("lb=".length);
    const home = backendOf(first);
    const other = ids.find((id) => id !== home)!;
    const at = lab.random.integer(
      Math.floor(value.length / 3),
      Math.floor(value.length / 2),
    );
    const changed = value[at] === "0" ? "1" : "0";
    // Other texts, which hex and base64 may decode to the same bytes.
    const recased = value.slice(0, at) + otherCase(value.slice(at));
    const neighbour = BASE64URL[BASE64URL.indexOf(value.at(-1)!) ^ 1] ?? "";
    const forged = new Set([
      home,
      btoa(home),
      ...(value.includes(home) ? [value.replace(home, other)] : []),
      value.slice(0, at) + changed + value.slice(at + 1),
      value.slice(0, at),
      ...(recased === value ? [] : [recased]),
      value.slice(0, -1) + neighbour,
      `${value}0`,
      "",
    ]);
    for (const one of forged) {
      const asked: string[] = [];
      for (let count = 0; count < 3; count++) {
        const answer = await withCookie(lab, `lb=${one}`);
        cookieOf(answer);
        asked.push(backendOf(answer));
      }
      expect(
        Object.keys(tally(asked)).length,
        `With the forged cookie lb=${one} three requests are balanced as if there were none: ${
          asked.join(", ")
        }`,
      ).toBe(3);
    }
    const genuine = await withCookie(lab, `lb=${value}`);
    expect(backendOf(genuine), "The genuine cookie is still good").toBe(home);
  });

  check("06.4d", {
    title: "moves few users when a backend is added, and only to that one",
    kind: "api",
    hint:
      "hash % n moves four of five. Rank the backends by hash(user, backend) and take the highest, or put many points of each on a ring.",
    config: { balance: "consistent_hash" },
    instances: 2,
    timeoutMs: 20_000,
  }, async (lab) => {
    nameBackends(lab);
    const ids = lab.random.shuffle(BACKENDS);
    const four = ids.slice(0, 4);
    const added = ids[4]!;
    const users = Array.from({ length: USERS }, () => lab.random.word(8));
    await setBackends(lab, Object.fromEntries(four.map((id) => [id, 1])));
    const before = await homesOf(lab, lab.on(0), users);
    // An honest share is 30, on an uneven ring 38; 70 would be 6 standard deviations more.
    expect(
      Math.max(...Object.values(tally(before))),
      `Of ${USERS} users no backend of four gets more than 70: ${
        JSON.stringify(tally(before))
      }`,
    ).toBeLessThanOrEqual(70);
    const shuffled = lab.random.shuffle([...four, added]);
    await setBackends(
      lab,
      Object.fromEntries(
        shuffled.map((id) => [id, lab.random.integer(1, 100)]),
      ),
    );
    const after = await homesOf(lab, lab.on(1), users);
    const moved = users.filter((_, index) => before[index] !== after[index]);
    const elsewhere = after.filter((home, index) =>
      home !== before[index] && home !== added
    );
    expect(
      elsewhere,
      "Whoever moves when a backend is added, on another instance and with the list in another order and with other weights, moves to the new one",
    ).toEqual([]);
    // A fifth is expected, on an uneven ring 0.24; 54 of 120 would be 5 standard deviations more.
    expect(
      moved.length,
      `Of ${USERS} users a fifth moves to the fifth backend`,
    ).toBeLessThanOrEqual(54);
    expect(moved.length, "The new backend gets some users")
      .toBeGreaterThan(0);
  });
});

const USERS = 120;
const BASE64URL =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** `lb=…`, as the client sends it back. */
function cookieOf(answer: Answer): string {
  const lines = answer.headers.getSetCookie();
  const line = lines.find((one) => one.startsWith("lb=")) ?? lines.join(", ");
  expect(
    answer.status === 501 ? answer : line,
    "A client without a valid cookie gets one: lb=…; Path=/; HttpOnly; SameSite=Lax",
  ).toMatch(
    /^lb=[^;\s]+(?=;)(?=.*; Path=\/)(?=.*; HttpOnly)(?=.*; SameSite=Lax)/i,
  );
  return line.split(";")[0]!;
}

function withCookie(requester: Requester, cookie: string): Promise<Answer> {
  return requester.get("/x", { headers: { cookie } });
}

function otherCase(text: string): string {
  return text.replaceAll(
    /[a-z]/gi,
    (letter) => letter < "a" ? letter.toLowerCase() : letter.toUpperCase(),
  );
}

/** Where each user is served. */
async function homesOf(
  lab: Lab,
  instance: Requester,
  users: readonly string[],
): Promise<string[]> {
  const homes: string[] = [];
  for (let from = 0; from < users.length; from += 20) {
    const answers = await lab.burst(
      20,
      (index) =>
        instance.get("/x", { headers: { "x-user": users[from + index]! } }),
    );
    for (const answer of answers) {
      expect(answer, "A request is answered by a backend").toHaveStatus(200);
      homes.push(backendOf(answer));
    }
  }
  return homes;
}
