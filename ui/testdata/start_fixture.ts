/** The fixture server on a free port, with the built page where one is given. */
import { createFixtureServer, type FixtureServer } from "./fixture_server.ts";
import { serveStatic } from "./static_files.ts";

export interface StartedFixture extends FixtureServer, AsyncDisposable {
  /** "http://127.0.0.1:41234" */
  readonly url: string;
  /** Stops to listen and breaks what is open; `start` listens again on the same port. */
  stop(): Promise<void>;
  start(): void;
}

export function startFixture(dist?: URL): StartedFixture {
  const fixture = createFixtureServer();
  let port = 0;
  let listener: Deno.HttpServer<Deno.NetAddr> | undefined;

  function answer(request: Request): Response | Promise<Response> {
    const isApi = new URL(request.url).pathname.startsWith("/api/");
    if (isApi || dist === undefined) return fixture.handle(request);
    return serveStatic(dist, request);
  }

  function start() {
    const options = { hostname: "127.0.0.1", port, onListen() {} };
    listener = Deno.serve(options, answer);
    port = listener.addr.port;
  }

  async function stop() {
    fixture.dropStreams();
    await listener?.shutdown();
  }

  start();
  return Object.assign(fixture, {
    url: `http://127.0.0.1:${port}`,
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  });
}
