import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { NotConnected, unixClient } from "./unix_client.ts";

/** A server that answers what it was asked, and never answers `/silence`. */
const SERVER = `
  Deno.serve({ path: Deno.args[0], onListen: () => console.log("up") }, async (request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/silence") await new Promise(() => {});
    if (pathname === "/echo") return new Response(request.body);
    if (pathname === "/empty") return new Response(null, { status: 204 });
    if (pathname === "/away") return Response.redirect("http://elsewhere.test/", 302);
    return Response.json({
      method: request.method, path: pathname + search, host: request.headers.get("host"),
      length: request.headers.get("content-length"), body: await request.text(),
    });
  });
  setInterval(() => {}, 1000);`;

describe("unixClient()", () => {
  it("sends method, path, host, headers and body", async () => {
    await using server = await startServer();
    using client = unixClient(server.path);
    const request = new Request("http://system/x?y=1", {
      method: "POST",
      body: "héllo",
    });
    expect(await (await client.fetch(request)).json()).toEqual({
      method: "POST",
      path: "/x?y=1",
      host: "system",
      length: "6",
      body: "héllo",
    });
  });

  it("sends a stream piece by piece, and breaks off with it", async () => {
    await using server = await startServer();
    using client = unixClient(server.path);
    const pieces = new TransformStream<Uint8Array, Uint8Array>();
    const writer = pieces.writable.getWriter();
    const answer = await client.fetch(
      new Request("http://system/echo", {
        method: "POST",
        body: pieces.readable,
      }),
      { streamsBody: true },
    );
    const reader = answer.body!.getReader();
    for (const piece of ["one", "two"]) {
      await writer.write(new TextEncoder().encode(piece));
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toBe(piece);
    }
    const rest = reader.read();
    await writer.abort(new Error("the sender is gone"));
    await expect(rest).rejects.toThrow();
  });

  it("gives back statuses without a body, and redirects", async () => {
    await using server = await startServer();
    using client = unixClient(server.path);
    const empty = await client.fetch(new Request("http://system/empty"));
    expect([empty.status, await empty.text()]).toEqual([204, ""]);
    const away = await client.fetch(new Request("http://system/away"));
    expect([away.status, away.headers.get("location")])
      .toEqual([302, "http://elsewhere.test/"]);
    await away.body?.cancel();
  });

  it("fails at once for each of 100 requests when the server is killed", async () => {
    await using server = await startServer();
    using client = unixClient(server.path);
    const requests = Array.from(
      { length: 100 },
      () => client.fetch(new Request("http://system/silence")),
    );
    await (await client.fetch(new Request("http://system/x"))).text();
    server.kill();
    const outcomes = await Promise.allSettled(requests);
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  });

  it("still works after another server was killed", async () => {
    await using dead = await startServer();
    using doomed = unixClient(dead.path);
    const lost = doomed.fetch(new Request("http://system/silence"));
    await (await doomed.fetch(new Request("http://system/x"))).text();
    dead.kill();
    await expect(lost).rejects.toThrow();
    await using server = await startServer();
    using client = unixClient(server.path);
    const response = await client.fetch(new Request("http://system/x"));
    expect(await response.json()).toMatchObject({ method: "GET", path: "/x" });
  });

  it("sends a request once, also when the server drops it after others", async () => {
    const path = join(await Deno.makeTempDir(), "s");
    using listener = Deno.listen({ transport: "unix", path });
    const received: string[] = [];
    const serving = serveRaw(listener, (text) => {
      received.push(text.split(" ")[1]!);
      return text.includes("/drop")
        ? undefined
        : "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    });
    using client = unixClient(path);
    await (await client.fetch(new Request("http://system/first"))).text();
    const dropped = new Request("http://system/drop", { method: "POST" });
    await expect(client.fetch(dropped)).rejects.toThrow();
    await (await client.fetch(new Request("http://system/last"))).text();
    expect(received).toEqual(["/first", "/drop", "/last"]);
    listener.close();
    await serving;
    await Deno.remove(path).catch(() => {});
  });

  it("says that nobody listens", async () => {
    using client = unixClient("/nowhere/x.sock");
    await expect(client.fetch(new Request("http://system/")))
      .rejects.toThrow(NotConnected);
  });

  it("rejects with the signal's reason", async () => {
    await using server = await startServer();
    using client = unixClient(server.path);
    const end = new AbortController();
    const silence = client.fetch(
      new Request("http://system/silence", { signal: end.signal }),
    );
    end.abort(new Error("enough"));
    await expect(silence).rejects.toThrow("enough");
  });
});

/** Answers each request by bytes, or drops its connection. Keeps connections open, as servers do. */
async function serveRaw(
  listener: Deno.UnixListener,
  answer: (request: string) => string | undefined,
): Promise<void> {
  for await (const connection of listener) serve(connection);

  async function serve(connection: Deno.UnixConn): Promise<void> {
    using _ = connection;
    const buffer = new Uint8Array(4096);
    while (true) {
      const length = await connection.read(buffer).catch(() => null);
      if (length === null) return;
      const text = new TextDecoder().decode(buffer.subarray(0, length));
      const reply = answer(text);
      if (reply === undefined) return;
      await connection.write(new TextEncoder().encode(reply));
    }
  }
}

async function startServer() {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "s");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", SERVER, path],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    path,
    kill: () => child.kill("SIGKILL"),
    async [Symbol.asyncDispose]() {
      await reader.cancel();
      try {
        child.kill("SIGKILL");
      } catch {
        // The test has killed it.
      }
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
