import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startFixture } from "../../testdata/start_fixture.ts";
import { waitFor } from "../../testdata/wait_for.ts";
import { createApi } from "../api.ts";
import { createHistory, type History } from "./history.ts";

describe("createHistory()", () => {
  it("gives a page and then the next", async () => {
    await using fixture = startFixture();
    const history = createHistory(createApi({ baseUrl: fixture.url }));

    await waitForLength(history, 20);
    const hadMore = history.hasMore.value;
    await history.loadMore();
    await waitForLength(history, 31);

    expect([hadMore, history.hasMore.value]).toEqual([true, false]);
    history.dispose();
  });

  it("loads the next page once for two clicks at once", async () => {
    await using fixture = startFixture();
    const history = createHistory(createApi({ baseUrl: fixture.url }));
    await waitForLength(history, 20);

    const both = [history.loadMore(), history.loadMore()];
    const wasLoading = history.isLoadingMore.value;
    await Promise.all(both);

    expect([wasLoading, history.isLoadingMore.value]).toEqual([true, false]);
    await waitForLength(history, 31);
    history.dispose();
  });

  it("keeps what is shown and says why when more is refused", async () => {
    await using fixture = startFixture();
    const history = createHistory(createApi({ baseUrl: fixture.url }));
    await waitForLength(history, 20);
    fixture.isSignedIn = false;

    await history.loadMore();

    expect(history.refusal.value).toBe("unauthenticated");
    expect([history.hasMore.value, history.isLoadingMore.value])
      .toEqual([true, false]);
    await waitForLength(history, 20);
    history.dispose();
  });

  it("takes a refusal back once the list could be read again", async () => {
    await using fixture = startFixture();
    const history = createHistory(createApi({ baseUrl: fixture.url }));
    await waitForLength(history, 20);
    fixture.isSignedIn = false;
    await history.loadMore();

    fixture.isSignedIn = true;
    await history.reload();

    expect(history.refusal.value).toBeUndefined();
    history.dispose();
  });

  it("shows a new submission by itself, and its verdict once it has one", async () => {
    await using fixture = startFixture();
    const api = createApi({ baseUrl: fixture.url });
    const history = createHistory(api, { workshop: "03-rate-limiter" });
    await waitForLength(history, 5);

    const id = fixture.begin();
    const list = await waitForLength(history, 6);
    fixture.push({ kind: "claimed", attempt: 1 });

    expect(list[0]?.id).toBe(id);
    await waitFor(
      history.state,
      (state) =>
        state.status === "ready" && state.value[0]?.state === "running",
    );
    history.dispose();
  });

  it("leaves out other workshops", async () => {
    await using fixture = startFixture();
    const api = createApi({ baseUrl: fixture.url });
    const history = createHistory(api, { workshop: "15-payment-system" });
    await waitForLength(history, 1);

    fixture.begin();
    fixture.push({ kind: "claimed", attempt: 1 });
    await history.reload();

    await waitForLength(history, 1);
    history.dispose();
  });
});

async function waitForLength(history: History, length: number) {
  const state = await waitFor(
    history.state,
    (state) => state.status === "ready" && state.value.length === length,
  );
  return state.status === "ready" ? state.value : [];
}
