import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { SubmissionEvent } from "@contract/events.ts";
import { join } from "node:path";
import { type ServerAddress, ServerClient } from "./server_client.ts";
import { temporaryFolder } from "./testdata/temporary_folder.ts";

const SIGNAL = new AbortController().signal;

/** A server on a free port that answers by `answer`. */
function serve(answer: (request: Request) => Response) {
  const server = Deno.serve({ port: 0, onListen: () => {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const address = { url, token: "secret" };
  return {
    url,
    address,
    client: new ServerClient(address),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function stream(...events: [id: string, event: SubmissionEvent][]): Response {
  const body = events
    .map(([id, event]) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`);
  return new Response(body.join(""), {
    headers: { "content-type": "text/event-stream" },
  });
}

/** The kit's folder, in which a server that starts writes down its address. */
async function openKitFolder() {
  const folder = await temporaryFolder();
  const before = Deno.env.get("TRESTLE_DIR");
  Deno.env.set("TRESTLE_DIR", folder.dir);
  const path = join(folder.dir, "server.json");
  return {
    write: (address: ServerAddress) =>
      Deno.writeTextFile(path, JSON.stringify(address)),
    remove: () => Deno.remove(path),
    async [Symbol.asyncDispose]() {
      if (before === undefined) Deno.env.delete("TRESTLE_DIR");
      else Deno.env.set("TRESTLE_DIR", before);
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe("ServerClient", () => {
  it("sends files with token and idempotency key", async () => {
    let sent: Headers | undefined;
    await using server = serve((request) => {
      sent = request.headers;
      return Response.json({ id: "s1" }, { status: 202 });
    });
    const view = await server.client.submit(
      { workshop: "03-rate-limiter", files: { "system.ts": "1" } },
      { key: "key-1", signal: SIGNAL },
    );
    expect(view.id).toBe("s1");
    expect(sent!.get("authorization")).toBe("Bearer secret");
    expect(sent!.get("idempotency-key")).toBe("key-1");
  });

  it("takes up a broken stream after the last event that it saw", async () => {
    const asked: (string | null)[] = [];
    await using server = serve((request) => {
      if (!request.url.endsWith("/events")) {
        return Response.json({ state: "running" });
      }
      asked.push(request.headers.get("last-event-id"));
      return asked.length === 1
        ? stream(["7", { kind: "claimed", attempt: 1 }])
        : stream(["8", { kind: "canceled", reason: "by_learner" }]);
    });
    const kinds: string[] = [];
    for await (const { kind } of server.client.follow("s1", SIGNAL)) {
      kinds.push(kind);
    }
    expect(kinds).toEqual(["claimed", "canceled"]);
    expect(asked).toEqual([null, "7"]);
  });

  it("ends when the submission is over although its stream says nothing", async () => {
    await using server = serve((request) =>
      request.url.endsWith("/events")
        ? new Response(null, { status: 204 })
        : Response.json({ state: "finished" })
    );
    const events = await Array.fromAsync(server.client.follow("s1", SIGNAL));
    expect(events).toEqual([]);
  });

  it("goes on with the address and the token of a server that was started again", async () => {
    await using kit = await openKitFolder();
    const first = serve(() => stream(["7", { kind: "claimed", attempt: 1 }]));
    await kit.write({ url: first.url, token: "old" });
    const told: string[] = [];
    const client = new ServerClient(undefined, {
      onAway: () => void told.push("away"),
    });
    const events = client.follow("s1", SIGNAL);
    expect((await events.next()).value).toMatchObject({ kind: "claimed" });
    await first[Symbol.asyncDispose]();
    await kit.remove();

    await using second = serve(({ url, headers }) => {
      if (headers.get("authorization") === "Bearer old") {
        // It revokes the old token a moment before it writes down the new one.
        kit.write({ url: second.url, token: "new" });
        return Response.json({ detail: "Unknown token" }, { status: 401 });
      }
      return url.endsWith("/events") && headers.get("last-event-id") === "7"
        ? stream(["8", { kind: "canceled", reason: "by_learner" }])
        : Response.json({ state: "running" });
    });
    const next = events.next();
    await kit.write({ url: second.url, token: "old" });
    expect((await next).value).toMatchObject({ kind: "canceled" });
    expect(told).toEqual(["away"]);
  });

  it("says what becomes of a submission whose server stays away", async () => {
    const server = serve(() => stream(["7", { kind: "claimed", attempt: 1 }]));
    const client = new ServerClient(server.address, { awayMsMax: 0 });
    const events = client.follow("s1", SIGNAL);
    expect((await events.next()).value).toEqual({
      kind: "claimed",
      attempt: 1,
    });
    await server[Symbol.asyncDispose]();
    await expect(events.next()).rejects.toThrow(
      "Submission s1 is stored and loses nothing",
    );
  });

  it("says what the server refused", async () => {
    await using server = serve(() =>
      Response.json({ detail: "One a second, please" }, { status: 429 })
    );
    await expect(server.client.read("s1", SIGNAL))
      .rejects.toThrow("refused: One a second, please");
  });

  it("says that a verdict needs no server when there is none", async () => {
    const gone = new ServerClient({ url: "http://127.0.0.1:1", token: "x" });
    const submission = { workshop: "03-rate-limiter", files: {} };
    await expect(gone.submit(submission, { key: "key-1", signal: SIGNAL }))
      .rejects.toThrow("A verdict needs none: deno task workshop <n>");
  });
});
