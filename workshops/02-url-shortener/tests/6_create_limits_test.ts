import { describe } from "@std/testing/bdd";
import {
  type Answer,
  check,
  expect,
  hasCome,
  type Lab,
  type Requester,
} from "@lab";
import { freshUrl } from "./links.ts";

const LIMITED = { createLimit: 10, createWindowSec: 3600 };

describe("02.6 Create limits", () => {
  check("02.6a", {
    title: "admits exactly the quota, over two instances at once",
    kind: "race",
    hint:
      "Increase and compare in one step in Redis: INCR answers the new count.",
    instances: 2,
    config: LIMITED,
  }, async (lab) => {
    const answers = await lab.holdWrites(
      "both",
      () => lab.burst(30, (index) => create(lab, lab.on(index), "ada")),
    );
    expect(
      answers.statuses,
      "Of 30 requests of one user in one window exactly 10 create a link",
    ).toEqual({ 201: 10, 429: 20 });
    const other = await create(lab, lab.on(0), "grace");
    expect(other, "Another user has a quota of their own").toHaveStatus(201);
  });

  check("02.6b", {
    title: "tells the client where it stands",
    kind: "api",
    hint:
      'RateLimit-Policy: "create";q=10;w=3600 and RateLimit: "create";r=9;t=3600, on 201, 409 and 429.',
    config: LIMITED,
  }, async (lab) => {
    await toWindowStart(lab);
    await lab.clock.advance(600_500);
    const alias = `mine-${lab.random.word(6)}`;
    for (let made = 1; made <= 10; made++) {
      const name = made <= 2 ? { alias } : {};
      const answer = await create(lab, lab, "ada", name);
      expect(answer, "Inside the quota links are created, a taken alias is 409")
        .toHaveStatus(made === 2 ? 409 : 201);
      expectStanding(answer, { left: 10 - made, resetSec: 3000 });
    }
    const refused = await create(lab, lab, "ada");
    expect(refused, "Beyond the quota the answer is 429").toHaveStatus(429);
    expect(refused.json?.code, "…and says why").toBe("quota_exceeded");
    expectStanding(refused, { left: 0, resetSec: 3000 });
    expect(refused.headers.get("retry-after"), "Retry-After agrees with t")
      .toBe("3000");
  });

  check("02.6c", {
    title: "opens again with the next window, and leaves nothing behind",
    kind: "redis",
    hint:
      "Give the counter its lifetime in the same step that makes it (Lua, or SET … EX NX before INCR).",
    config: LIMITED,
    timeoutMs: 30_000,
  }, async (lab) => {
    await toWindowStart(lab);
    const keysBefore = (await lab.redis.keys("*")).length;
    const users = ["ada", "grace", "edsger", "barbara", "leslie"];
    for (const user of users) {
      const refused = await lab.post("/links", { url: "ftp://example.com" }, {
        headers: { "x-user": user },
      });
      expect(refused, "A bad url is refused").toHaveStatus(422);
      for (let made = 0; made < 10; made++) {
        const answer = await create(lab, lab, user);
        expect(answer, "A refused body takes nothing from the quota")
          .toHaveStatus(201);
      }
    }
    await lab.clock.advance(3_540_000);
    const early = await create(lab, lab, "ada");
    expect(early, "A minute before its end the window is still closed")
      .toHaveStatus(429);
    await lab.clock.advance(60_000);
    const fresh = await create(lab, lab, "ada");
    expect(fresh, "The next window has a full quota").toHaveStatus(201);

    const lost = ["alan", "donald", "frances", "margaret", "tony"];
    await killWhileCounting(lab, lost);
    await lab.clock.advance(2 * 3_600_000);
    const keysAfter = (await lab.redis.keys("*")).length;
    expect(
      keysAfter - keysBefore,
      "Two windows later the counters of 10 users are gone from Redis, however the instance ended",
    ).toBeLessThan(users.length);
  });
});

function create(
  lab: Lab,
  system: Requester,
  user: string,
  name: { readonly alias?: string } = {},
): Promise<Answer> {
  const headers = { "x-user": user };
  return system.post("/links", { url: freshUrl(lab), ...name }, { headers });
}

/** Kills the instance when Redis has counted its first request of each user, and before it hears of any. */
async function killWhileCounting(
  lab: Lab,
  users: readonly string[],
): Promise<void> {
  const instance = lab.on(0);
  const keys = await lab.redis.dbSize();
  using counting = lab.holdNextReply(instance, "redis", /./);
  const creations = lab.burst(
    users.length,
    (index) => create(lab, instance, users[index]!),
  );
  const isAnswered = creations.then(() => false);
  if (!await Promise.race([hasCome(counting), isAnswered])) return; // It counts elsewhere.
  await lab.eventually(async () => {
    const made = await lab.redis.dbSize() - keys;
    if (made < users.length) throw new Error("Not all are counted yet");
  }, { withinMs: 500 }).catch(() => {}); // Not in a key for each user, then.
  await instance.kill();
  counting.release();
  await creations;
  await instance.restart();
}

/** Windows are aligned to multiples of their length since 1970. */
async function toWindowStart(lab: Lab): Promise<void> {
  await lab.clock.advance(3_600_000 - lab.clock.now() % 3_600_000);
}

function expectStanding(
  answer: Answer,
  standing: { readonly left: number; readonly resetSec: number },
): void {
  expect(answer.headers.get("ratelimit-policy"), "The policy is named")
    .toBe('"create";q=10;w=3600');
  expect(
    answer.headers.get("ratelimit"),
    "What is left, and the seconds to the end of the window, rounded up",
  ).toBe(`"create";r=${standing.left};t=${standing.resetSec}`);
}
