import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import { createLink, expectClicks, freshUrl } from "./links.ts";

describe("02.8 Redirect load", () => {
  check("02.8a", {
    title: "needs one Redis round trip for a cached redirect and its click",
    kind: "load",
    hint:
      "Read the link and count the click in one script: only the script knows whether there is a link to be clicked on.",
  }, async (lab) => {
    const code = `hot-${lab.random.word(8)}`;
    for (let visit = 0; visit < 3; visit++) {
      expect(await lab.get(`/${code}`), "A code never given out is unknown")
        .toHaveStatus(404);
    }
    await createLink(lab, { url: freshUrl(lab), alias: code });
    for (let visit = 0; visit < 3; visit++) await lab.get(`/${code}`);
    const { wire } = await lab.count(async () => {
      for (let visit = 0; visit < 50; visit++) await lab.get(`/${code}`);
    });
    expect(
      wire.redis.roundTrips,
      "50 cached redirects, clicks included, cost at most 50 Redis round trips",
    ).toBeLessThanOrEqual(50);
    expect(wire.postgres.messages, "…and no SQL").toBe(0);
    await expectClicks(lab, code, 53);
  });

  check("02.8b", {
    title: "redirects at least 0.55 times as often as the reference",
    kind: "load",
    hint:
      "With 10 ms per round trip only their number matters: see which wait for each other.",
    timeoutMs: 60_000,
  }, async (lab) => {
    const { ratio, cost } = await lab.ratio({
      prepare: async (system) => {
        await createLink(system, { url: freshUrl(lab), alias: "hot" });
        await system.get("/hot");
      },
      operation: (system) => system.get("/hot"),
    });
    expect(ratio, `Redirects per second, divided by the reference's (${cost})`)
      .toBeGreaterThanOrEqual(0.55);
  });
});
