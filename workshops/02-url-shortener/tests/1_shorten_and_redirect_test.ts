import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import { cachingClient } from "./caching_client.ts";
import { createLink, expectClicks, expectRedirect, freshUrl } from "./links.ts";

describe("02.1 Shorten and redirect", () => {
  check("02.1a", {
    title: "gives a code that redirects to the posted address",
    kind: "api",
    hint: "Answer 201 with code and shortUrl, and 302 with the url as it came.",
  }, async (lab) => {
    const url = freshUrl(lab);
    const created = await lab.post("/links", { url });
    expect(created, "POST /links creates a link").toHaveStatus(201);
    const { code, shortUrl } = created.json;
    expect(code, "A code is codeLength characters of 0-9A-Za-z")
      .toMatch(/^[0-9A-Za-z]{7}$/);
    expect(shortUrl, "shortUrl is baseUrl/code").toBe(`https://sho.rt/${code}`);
    expect(created.headers.get("location"), "Location is shortUrl")
      .toBe(shortUrl);

    expectRedirect(await lab.get(`/${code}`), url);
    expectRedirect(await lab.request("HEAD", `/${code}`), url);

    for (const path of ["/nobody9", "/%00", `/${"a".repeat(5000)}`]) {
      const unknown = await lab.get(path);
      expect(unknown, "A code never given out is unknown").toHaveStatus(404);
      expect(unknown.json?.code, "…and says so").toBe("not_found");
    }

    const again = await createLink(lab, { url });
    expect(again, "The same address posted twice gives two links")
      .not.toBe(code);
  });

  check("02.1b", {
    title: "hears of every visit to a link that is not permanent",
    kind: "api",
    hint:
      "A client may answer a 301 from its own cache; a 302 with max-age=0 always asks you.",
  }, async (lab) => {
    const code = await createLink(lab, { url: freshUrl(lab) });
    const browser = cachingClient(lab);
    const visit = await browser.visit(`/${code}`);
    for (let more = 0; more < 4; more++) await browser.visit(`/${code}`);
    await lab.request("HEAD", `/${code}`);
    await expectClicks(lab, code, 5);
    expect(visit, "A link that is not permanent answers 302").toHaveStatus(302);
    expect(visit.headers.get("cache-control"), "…that no cache may keep")
      .toBe("private, max-age=0");

    await lab.eventually(async () => {
      const { json } = await lab.get(`/links/${code}/stats`);
      const byDay = Object.values<number>(json.byDay);
      expect(byDay, "byDay adds up to clicks").toEqual([5]);
      expect(json.uniques, "All visits without X-Visitor are one visitor")
        .toBe(1);
    });
    const unknown = await lab.get("/links/nobody9/stats");
    expect(unknown, "An unknown code has no statistics").toHaveStatus(404);
  });

  check("02.1c", {
    title: "lets caches keep a permanent link, but never past its end",
    kind: "api",
    hint:
      "301 and Cache-Control: public, max-age = permanentMaxAgeSec, or less when expiresAt is sooner.",
    config: { permanentMaxAgeSec: 7200 },
  }, async (lab) => {
    const code = await createLink(lab, {
      url: freshUrl(lab),
      permanent: true,
    });
    const browser = cachingClient(lab);
    const first = await browser.visit(`/${code}`);
    expect(first, "A permanent link answers 301").toHaveStatus(301);
    expect(first.headers.get("cache-control"), "…that caches may keep")
      .toBe("public, max-age=7200");
    for (let visit = 0; visit < 4; visit++) await browser.visit(`/${code}`);
    await expectClicks(lab, code, 1);

    const ending = await createLink(lab, {
      url: freshUrl(lab),
      permanent: true,
      expiresAt: new Date(lab.clock.now() + 90_500).toISOString(),
    });
    const visit = await lab.get(`/${ending}`);
    expect(
      visit.headers.get("cache-control"),
      "max-age never outlives expiresAt, which is 90.5 s away",
    ).toBe("public, max-age=90");
  });

  check("02.1d", {
    title: "refuses what it must not shorten",
    kind: "api",
    hint:
      "Parse with URL.parse, allow http: and https: only, compare the host with that of baseUrl.",
  }, async (lab) => {
    const url = freshUrl(lab);
    const past = new Date(lab.clock.now() - 1000).toISOString();
    const rows: [body: unknown, status: number, code: string][] = [
      [{}, 422, "invalid_url"],
      [{ url: "example.com" }, 422, "invalid_url"],
      [{ url: "javascript:alert(1)" }, 422, "invalid_url"],
      [{ url: "ftp://example.com/x" }, 422, "invalid_url"],
      [{ url: "https://example.com/日本" }, 422, "invalid_url"],
      [{ url: "https://example.com/a\nb" }, 422, "invalid_url"],
      [{ url: "https://sho.rt/abc" }, 422, "self_loop"],
      [{ url: "https://SHO.RT:443/abc" }, 422, "self_loop"],
      [{ url, alias: "a b" }, 422, "invalid_alias"],
      [{ url, alias: "ab" }, 422, "invalid_alias"],
      [{ url, alias: "a".repeat(33) }, 422, "invalid_alias"],
      [{ url, alias: "links" }, 422, "invalid_alias"],
      [{ url, alias: null }, 422, "invalid_alias"],
      [{ url, expiresAt: past }, 422, "invalid_expiry"],
      [{ url, expiresAt: "tomorrow" }, 422, "invalid_expiry"],
      [{ url, expiresAt: "2099-01-01" }, 422, "invalid_expiry"],
      [{ url, expiresAt: null }, 422, "invalid_expiry"],
      ["just text", 400, "malformed_body"],
      [[], 400, "malformed_body"],
      [null, 400, "malformed_body"],
    ];
    for (const [body, status, code] of rows) {
      const answer = await lab.post("/links", body);
      const rule = `${JSON.stringify(body)} is refused with ${status} ${code}`;
      expect(answer, rule).toHaveStatus(status);
      expect(answer.json?.code, rule).toBe(code);
    }
    const torn = await lab.post("/links", '{"url":', {
      headers: { "content-type": "application/json" },
    });
    expect(torn, "Text that is no JSON is refused with 400").toHaveStatus(400);
    const likeness = await lab.post("/links", {
      url: "https://sho.rt.example.com/x",
    });
    expect(likeness, "A host that only begins like ours is no loop")
      .toHaveStatus(201);
  });

  check("02.1e", {
    title: "stops redirecting at expiresAt, to the millisecond",
    kind: "api",
    hint:
      "Compare expiresAt with the clock at the moment of the redirect; no timer.",
  }, async (lab) => {
    const url = freshUrl(lab);
    const expiresAt = twoHoursEast(lab.clock.now() + 120_000);
    const [early, late] = [
      await createLink(lab, { url, expiresAt }),
      await createLink(lab, { url, expiresAt }),
    ];
    await lab.clock.advance(119_999);
    expectRedirect(await lab.get(`/${early}`), url);
    await lab.clock.advance(1);
    const gone = await lab.get(`/${late}`);
    expect(gone, "At expiresAt the link is gone").toHaveStatus(410);
    expect(gone.json?.code, "…and says so").toBe("gone");
  });
});

/** The same moment in RFC 3339, by a clock that is two hours ahead of UTC. */
function twoHoursEast(timeMs: number): string {
  return new Date(timeMs + 7_200_000).toISOString().replace("Z", "+02:00");
}
