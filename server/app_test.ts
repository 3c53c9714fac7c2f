import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { issueToken } from "./access/tokens.ts";
import { ensureOwner } from "./access/person.ts";
import { startTestCluster, type TestCluster } from "./testing/test_cluster.ts";
import { openTestService, type TestService } from "./testing/test_service.ts";

describe("buildApp()", () => {
  let cluster: TestCluster;
  let service: TestService;
  before(async () => {
    cluster = await startTestCluster();
    service = await openTestService(cluster);
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  it("refuses whoever has no token, in words", async () => {
    const answer = await service.send("/api/session");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      type: "about:blank",
      status: 401,
      code: "unauthenticated",
      detail: expect.stringContaining("deno task start"),
    });
  });

  it("refuses another host's name, so that no foreign page can pose as ours", async () => {
    const rebound = await service.send("http://evil.example:7390/api/health");
    const own = await service.send("http://localhost:7390/api/health");
    expect([rebound.status, own.status]).toEqual([403, 200]);
  });

  it("exchanges a printed link for a cookie once", async () => {
    const made = await service.call("POST", "/api/enter_links");
    const { url } = await made.json();
    const link = url.slice("http://127.0.0.1".length);

    const first = await service.send(link);
    const cookie = first.headers.get("set-cookie")!;
    expect(first.status).toBe(302);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const session = await service.send("/api/session", {
      headers: { cookie: cookie.split(";")[0]! },
    });
    expect(await session.json()).toMatchObject({
      mode: "solo",
      person: { role: "owner" },
    });

    const second = await service.send(link);
    expect(second.status).toBe(401);
  });

  it("takes each token for its own purpose only", async () => {
    const owner = await ensureOwner(service.sql);
    const session = await issueToken(service.sql, owner.id, "session");
    const asBearer = await service.send("/api/session", {
      headers: { authorization: `Bearer ${session}` },
    });
    const asLink = await service.send(`/enter?token=${service.token}`);
    expect([asBearer.status, asLink.status]).toEqual([401, 401]);
  });

  it("keeps no secret in the database", async () => {
    const rows = await service.sql`
      SELECT encode(hash, 'escape') AS hash FROM trestle.access_token`;
    expect(JSON.stringify(rows)).not.toContain(service.token);
  });

  const FORGERIES: [name: string, headers: Record<string, string>][] = [
    ["a form of another site", {
      "content-type": "application/x-www-form-urlencoded",
      origin: "http://evil.example",
      "sec-fetch-site": "cross-site",
    }],
    ["another port of this machine", {
      "content-type": "text/plain",
      origin: "http://127.0.0.1:4000",
      "sec-fetch-site": "same-site",
    }],
    ["a request without a body or origin", {}],
  ];
  for (const [name, headers] of FORGERIES) {
    it(`refuses a cookie's POST that is ${name}`, async () => {
      const owner = await ensureOwner(service.sql);
      const session = await issueToken(service.sql, owner.id, "session");
      const answer = await service.send("/api/workshops/91-echo/hints/1", {
        method: "POST",
        headers: { cookie: `trestle_session=${session}`, ...headers },
      });
      expect(answer.status).toBe(403);
    });
  }

  it("lets the page's own POST through", async () => {
    const owner = await ensureOwner(service.sql);
    const session = await issueToken(service.sql, owner.id, "session");
    const answer = await service.send("/api/workshops/91-echo/hints/1", {
      method: "POST",
      headers: {
        cookie: `trestle_session=${session}`,
        origin: "http://127.0.0.1",
        "sec-fetch-site": "same-origin",
      },
    });
    expect(answer.status).toBe(200);
  });

  it("serves the page for every path of its own, and caches hashed files", async () => {
    const page = await service.send("/workshops/91-echo");
    const asset = await service.send("/assets/index-abc123.js");
    const missing = await service.send("/assets/index-gone.js");
    expect(await page.text()).toContain("<title>Trestle</title>");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    expect(page.headers.get("content-security-policy")).toContain(
      "default-src 'self'",
    );
    expect(asset.headers.get("cache-control")).toContain("immutable");
    expect(await asset.text()).toBe("export {};\n");
    expect(missing.status).toBe(404);
  });

  const OUTSIDE = [
    "/../testdata.json",
    "/%2e%2e/workshops/91-echo/workshop.json",
    "/assets/..%2f..%2fworkshops/91-echo/workshop.json",
  ];
  for (const path of OUTSIDE) {
    it(`serves nothing outside the page's folder: ${path}`, async () => {
      const answer = await service.send(path);
      expect(await answer.text()).not.toContain("Says what it hears");
    });
  }

  it("answers an unknown path of the API with a problem, not with the page", async () => {
    const answer = await service.call("GET", "/api/nothing");
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not_found" });
  });

  it("describes its routes", async () => {
    const document = await (await service.send("/api/openapi.json")).json();
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining([
      "/api/health",
      "/api/session",
      "/api/workshops/{slug}",
      "/api/submissions/{id}",
      "/api/submissions/{id}/events",
    ]));
  });

  it("says in its health that nobody grades", async () => {
    const answer = await service.send("/api/health");
    expect(await answer.json()).toMatchObject({
      status: "degraded",
      queued: 0,
      running: 0,
      workers: 0,
    });
  });
});
