import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { provisionRedis } from "../stores/redis_binary.ts";
import { openTestHost } from "./open_test_host.ts";
import { DEFAULT_SOCKETS } from "./types.ts";

describe("the context of an instance", () => {
  it("reaches peers and upstreams by path, through their sockets", async () => {
    const sockets = [...DEFAULT_SOCKETS, "upstream-bank.sock"];
    const config = { limit: 10 };
    await using sandbox = await openTestHost("calls_neighbours", {
      sockets,
      config,
    });
    const peer = join(sandbox.instanceDir, "peer-B.sock");
    const bank = join(sandbox.instanceDir, "upstream-bank.sock");
    await using _peer = serveEcho(peer);
    await using _bank = serveEcho(bank);
    await sandbox.load({ peers: { B: peer }, upstreams: { bank } });
    expect(await sandbox.get("/")).toBe(
      '200 {"peer":"B","said":["PUT /peer?x=1","GET /charges"],"config":{"limit":10}}',
    );
  });

  it("comes with libraries, to be imported by name", async () => {
    await using sandbox = await openTestHost("imports_by_name");
    await sandbox.load();
    expect(await sandbox.get("/")).toBe(
      '200 ["function","function","function","function","object"]',
    );
  });

  it("says which path a neighbour's fetch takes", async () => {
    await using sandbox = await openTestHost("calls_neighbours");
    const peer = join(sandbox.instanceDir, "peer-B.sock");
    await sandbox.load({ peers: { B: peer } });
    expect(await sandbox.get("/absolute")).toContain(
      'The peer B.fetch() takes a path that begins with \\"/\\"; it got \\"http://x/\\"',
    );
  });

  it("logs an error with its place in the learner's code", async () => {
    await using sandbox = await openTestHost("logs_an_error");
    await sandbox.load();
    await sandbox.get("/");
    expect(sandbox.lines).toEqual([
      'log {"message":"request failed","instance":"A","error":"RangeError: too far (system.ts:18:9)"}',
    ]);
  });

  it("says that a store is absent when it is used", async () => {
    await using sandbox = await openTestHost("calls_neighbours");
    await sandbox.load();
    expect(await sandbox.get("/sql")).toContain(
      "This stage runs without Postgres",
    );
    expect(await sandbox.get("/redis")).toContain(
      "This stage runs without Redis",
    );
  });

  it("fails Redis commands at once while Redis is gone, and recovers", async () => {
    await using sandbox = await openTestHost("uses_redis");
    const redisSocket = join(sandbox.instanceDir, "redis.sock");
    const first = await startRedis(redisSocket);
    await sandbox.load({ redisSocket });
    expect(await sandbox.get("/")).toBe("200 count 1");
    await first.stop();
    expect(await sandbox.get("/")).toMatch(/Error, fast: true$/);
    const second = await startRedis(redisSocket);
    let answer = "";
    for (let i = 0; i < 100 && answer !== "200 count 1"; i++) {
      answer = await sandbox.get("/");
    }
    expect(answer).toBe("200 count 1");
    await second.stop();
  });

  it("waits at its start for a Redis that is slow to answer", async () => {
    await using sandbox = await openTestHost("uses_redis");
    const redisSocket = join(sandbox.instanceDir, "redis.sock");
    const redis = await startRedis(redisSocket);
    redis.signal("SIGSTOP");
    setTimeout(() => redis.signal("SIGCONT"), 1_000);
    expect((await sandbox.load({ redisSocket })).status).toBe("listening");
    expect(await sandbox.get("/")).toBe("200 count 1");
    await redis.stop();
  });

  it("starts without a Redis that says nothing", async () => {
    await using sandbox = await openTestHost("uses_redis");
    const redisSocket = join(sandbox.instanceDir, "redis.sock");
    using _silent = Deno.listen({ transport: "unix", path: redisSocket });
    expect((await sandbox.load({ redisSocket })).status).toBe("listening");
  });

  it("starts without a Redis that cannot be reached", async () => {
    await using sandbox = await openTestHost("uses_redis");
    const redisSocket = join(sandbox.instanceDir, "redis.sock");
    expect((await sandbox.load({ redisSocket })).status).toBe("listening");
    expect(await sandbox.get("/")).toMatch(/Error, fast: true$/);
    const outages = sandbox.lines.filter((line) =>
      line.includes("Redis connection")
    );
    expect(outages).toHaveLength(1);
  });
});

function serveEcho(path: string): Deno.HttpServer<Deno.UnixAddr> {
  return Deno.serve({ path, onListen() {} }, (request) => {
    const { pathname, search } = new URL(request.url);
    return new Response(`${request.method} ${pathname}${search}`);
  });
}

async function startRedis(socket: string) {
  const { binary, libraryPath } = await provisionRedis();
  const child = new Deno.Command(binary, {
    env: libraryPath === "" ? {} : { LD_LIBRARY_PATH: libraryPath },
    args: ["--port", "0", "--unixsocket", socket, "--save", ""],
    cwd: join(socket, ".."),
    stdout: "piped",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream());
  for await (const text of output) {
    if (text.includes("ready to accept connections")) break;
  }
  return {
    signal: (name: Deno.Signal) => child.kill(name),
    async stop() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
