import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { SocketHttp } from "./socket_http.ts";

describe("SocketHttp", () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = Deno.makeTempDirSync();
    path = `${dir}/http.sock`;
  });
  afterEach(() => Deno.removeSync(dir, { recursive: true }));

  it("sends any method and header, and a body with all of them", async () => {
    await using _server = serve(path, async (request) =>
      Response.json({
        method: request.method,
        host: request.headers.get("host"),
        forwarded: request.headers.get("x-forwarded-for"),
        body: await request.text(),
      }));
    using http = new SocketHttp(path);
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const { bytes } = await http.send({
        method,
        path: "/x",
        headers: new Headers({
          host: "other.example",
          "x-forwarded-for": "192.0.2.1",
        }),
        body: "żółw",
      }, never());
      expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({
        method,
        host: "other.example",
        forwarded: "192.0.2.1",
        body: "żółw",
      });
    }
  });

  it("reads bodies in chunks, empty ones, and those of no length", async () => {
    await using _server = serve(path, (request) => {
      if (request.method === "HEAD") return new Response(null);
      const body = new ReadableStream({
        start(controller) {
          for (const piece of ["one ", "two ", "three"]) {
            controller.enqueue(new TextEncoder().encode(piece));
          }
          controller.close();
        },
      });
      return new Response(body);
    });
    using http = new SocketHttp(path);
    const head = await http.send(request({ method: "HEAD" }), never());
    expect(head.bytes).toHaveLength(0);
    for (let repeated = 0; repeated < 2; repeated++) {
      const { bytes } = await http.send(request(), never());
      expect(new TextDecoder().decode(bytes)).toBe("one two three");
    }
  });

  it("does not follow redirects", async () => {
    await using _server = serve(
      path,
      () =>
        new Response(null, {
          status: 302,
          headers: { location: "/elsewhere" },
        }),
    );
    using http = new SocketHttp(path);
    const { status, headers } = await http.send(request(), never());
    expect([status, headers.get("location")]).toEqual([302, "/elsewhere"]);
  });

  it("sends once, also when a kept connection breaks", async () => {
    let received = 0;
    using _server = serveRaw(path, async (connection) => {
      const buffer = new Uint8Array(1000);
      while (await connection.read(buffer).catch(() => null) !== null) {
        if (++received > 1) return;
        await connection.write(
          new TextEncoder().encode(
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
          ),
        );
      }
    });
    using http = new SocketHttp(path);
    await http.send(request(), never());
    await expect(http.send(request({ method: "POST" }), never())).rejects
      .toThrow();
    expect(received).toBe(2);
  });

  it("rejects an answer that breaks off half-way", async () => {
    using _server = serveRaw(path, async (connection) => {
      await connection.read(new Uint8Array(1000));
      await connection.write(
        new TextEncoder().encode(
          "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc",
        ),
      );
    });
    using http = new SocketHttp(path);
    await expect(http.send(request(), never())).rejects.toThrow();
  });

  it("starts twenty requests at once, each on a connection of its own", async () => {
    const waiting: (() => void)[] = [];
    await using _server = serve(path, async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 20) waiting.forEach((letGo) => letGo());
      });
      return new Response();
    });
    using http = new SocketHttp(path);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => http.send(request(), never())),
    );
    expect(answers).toHaveLength(20);
  });
});

function request({ method = "GET" } = {}) {
  return { method, path: "/", headers: new Headers() };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function serve(
  path: string,
  handler: (request: Request) => Response | Promise<Response>,
): AsyncDisposable {
  const server = Deno.serve({ path, onListen() {} }, handler);
  return { [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Answers each connection by hand and closes it. */
function serveRaw(
  path: string,
  answer: (connection: Deno.Conn) => Promise<void>,
): Disposable {
  const listener = Deno.listen({ transport: "unix", path });
  (async () => {
    for await (const connection of listener) {
      answer(connection).finally(() => connection.close());
    }
  })();
  return { [Symbol.dispose]: () => listener.close() };
}
