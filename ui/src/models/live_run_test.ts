import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { eventsOf } from "../../testdata/events_of.ts";
import { RACE_REPORT } from "../../testdata/reports.ts";
import { startFixture } from "../../testdata/start_fixture.ts";
import { waitFor } from "../../testdata/wait_for.ts";
import { createApi } from "../api.ts";
import { createLiveRun } from "./live_run.ts";

describe("createLiveRun()", () => {
  it("gives the report of a run that is over", async () => {
    await using fixture = startFixture();
    const live = createLiveRun(createApi({ baseUrl: fixture.url }), "s-race");

    const run = await waitFor(live.run, ({ report }) => report !== undefined);

    expect(run.phase).toBe("finished");
    expect(run.report?.verdict).toBe("partial");
    live.dispose();
  });

  it("shows the place in the queue as it changes", async () => {
    await using fixture = startFixture();
    const id = fixture.begin();
    fixture.push({ kind: "queued", position: 3, etaMs: 9000 });
    const isFollowed = fixture.nextFollower();
    const live = createLiveRun(createApi({ baseUrl: fixture.url }), id);
    await isFollowed;

    fixture.push({ kind: "queued", position: 1, etaMs: 2000 });

    const run = await waitFor(live.run, ({ queue }) => queue?.position === 1);
    expect(run.queue?.etaMs).toBe(2000);
    live.dispose();
  });

  it("shows checks as they happen and tells when it is over", async () => {
    await using fixture = startFixture();
    const id = fixture.begin();
    let finished = 0;
    const live = createLiveRun(createApi({ baseUrl: fixture.url }), id, {
      onFinished: () => finished++,
    });
    await waitFor(live.submission, ({ status }) => status === "ready");
    const events = [...eventsOf(RACE_REPORT)];

    for (const event of events.slice(0, -1)) fixture.push(event);
    const before = await waitFor(
      live.run,
      ({ stages }) => stages[7]?.status === "skipped",
    );
    fixture.push(events.at(-1)!);
    const after = await waitFor(live.run, ({ report }) => report !== undefined);

    expect(before.stages).toEqual(after.stages);
    expect(finished).toBe(1);
    live.dispose();
  });

  it("loses and repeats nothing when the stream breaks", async () => {
    await using fixture = startFixture();
    const id = fixture.begin();
    const live = createLiveRun(createApi({ baseUrl: fixture.url }), id);
    const events = [...eventsOf(RACE_REPORT)];
    for (const event of events.slice(0, 9)) fixture.push(event);
    await waitFor(live.run, ({ stages }) => stages.length === 1);

    fixture.dropStreams();
    await waitFor(live.isConnected, (isConnected) => !isConnected);
    for (const event of events.slice(9)) fixture.push(event);

    const run = await waitFor(live.run, ({ phase }) => phase === "finished");
    expect(run.stages).toHaveLength(8);
    expect(live.isConnected.value).toBe(true);
    live.dispose();
  });

  it("is connected again once the stream is open, before anything happens", async () => {
    await using fixture = startFixture();
    const id = fixture.begin();
    const isFollowed = fixture.nextFollower();
    const live = createLiveRun(createApi({ baseUrl: fixture.url }), id);
    await isFollowed;

    fixture.dropStreams();
    await waitFor(live.isConnected, (isConnected) => !isConnected);

    await waitFor(live.isConnected, (isConnected) => isConnected);
    live.dispose();
  });

  it("asks again after the server refused the stream", async () => {
    await using fixture = startFixture();
    const id = fixture.begin();
    const api = createApi({ baseUrl: fixture.url });
    const live = createLiveRun(api, id, { retryMs: 10 });
    await waitFor(live.submission, ({ status }) => status === "ready");

    fixture.isSignedIn = false;
    fixture.dropStreams();
    await waitFor(live.isConnected, (isConnected) => !isConnected);
    fixture.isSignedIn = true;
    for (const event of eventsOf(RACE_REPORT)) fixture.push(event);

    const run = await waitFor(live.run, ({ phase }) => phase === "finished");
    expect(run.report?.seed).toBe(RACE_REPORT.seed);
    live.dispose();
  });
});
