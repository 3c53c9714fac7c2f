import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startFixture } from "../testdata/start_fixture.ts";
import { ApiError, createApi } from "./api.ts";

describe("createApi()", () => {
  it("gives what the server answers", async () => {
    await using fixture = startFixture();
    const api = createApi({ baseUrl: fixture.url });

    const { workshops } = await api.workshops();
    const detail = await api.workshop("03-rate-limiter");

    expect(workshops).toHaveLength(16);
    expect(detail.stageManifests).toHaveLength(8);
  });

  it("sends only the parts of a query that are given", async () => {
    await using fixture = startFixture();
    const api = createApi({ baseUrl: fixture.url });

    const page = await api.submissions({
      workshop: "15-payment-system",
      cursor: undefined,
      limit: 5,
    });

    expect(page.submissions.map(({ id }) => id)).toEqual(["s-sweep"]);
  });

  it("turns a problem document into an error with its code", async () => {
    await using fixture = startFixture();
    fixture.isSignedIn = false;
    const api = createApi({ baseUrl: fixture.url });

    const error = await api.session().catch((error) => error);

    expect(error).toBeInstanceOf(ApiError);
    expect(error.code).toBe("unauthenticated");
  });

  it("calls an answer that is no problem document unreadable", async () => {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response("<h1>Bad gateway</h1>", { status: 502 }),
    );
    const api = createApi({ baseUrl: `http://127.0.0.1:${server.addr.port}` });

    const error = await api.session().catch((error) => error);

    expect(error.code).toBe("unreadable");
    expect(error.message).toContain("502");
  });

  it("tells of each call whether the server was reached", async () => {
    const fixture = startFixture();
    const contact: boolean[] = [];
    const api = createApi({
      baseUrl: fixture.url,
      onContact: (isReached) => contact.push(isReached),
    });

    await api.health();
    await fixture.stop();
    const error = await api.health().catch((error) => error);

    expect(contact).toEqual([true, false]);
    expect(error.code).toBe("unreachable");
  });
});
