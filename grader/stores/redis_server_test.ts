import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createClient } from "redis";
import { connectStores, type StoresClient } from "./connect_stores.ts";
import type { RedisServer } from "./redis_server.ts";
import { startStores, type Stores } from "./start_stores.ts";

describe("startRedis()", () => {
  let stores: Stores;
  let client: StoresClient;
  let server: RedisServer;

  before(async () => {
    stores = await startStores();
    client = connectStores(stores.address);
    server = await client.startRedis(stores.address.runDir);
  });
  after(async () => {
    await client[Symbol.asyncDispose]();
    await stores[Symbol.asyncDispose]();
  });

  it("gives the learner every data command without a login", async () => {
    await using learner = await connect(server.socketPath);
    const { redis } = learner;
    expect(await redis.set("greeting", "hello")).toBe("OK");
    expect(await redis.xAdd("log", "*", { n: "1" })).toMatch(/^\d+-0$/);
    expect(await redis.eval("return redis.call('GET', 'greeting')"))
      .toBe("hello");
    expect(await redis.publish("news", "x")).toBe(0);
    expect(await redis.keys("gree*")).toEqual(["greeting"]);
    expect(await redis.multi().incr("n").expire("n", 60).exec())
      .toEqual([1, 1]);
  });

  const forbidden: string[][] = [
    ["CONFIG", "SET", "dir", "/tmp"],
    ["FLUSHALL"],
    ["MONITOR"],
    ["SAVE"],
    ["SHUTDOWN"],
    ["REPLICAOF", "127.0.0.1", "6379"],
    ["MIGRATE", "127.0.0.1", "6379", "k", "0", "10"],
    ["DEBUG", "SLEEP", "1"],
    ["MODULE", "LOAD", "/tmp/x.so"],
    ["ACL", "SETUSER", "default", "+@all"],
    ["CLIENT", "KILL", "TYPE", "normal"],
    ["CLIENT", "PAUSE", "1000"],
  ];
  for (const command of forbidden) {
    it(`refuses ${command.slice(0, 2).join(" ")} to the learner, also from Lua`, async () => {
      await using learner = await connect(server.socketPath);
      await expect(learner.redis.sendCommand(command)).rejects
        .toThrow(/NOPERM|not allowed/);
      const script = `return redis.call(unpack(ARGV))`;
      await expect(learner.redis.eval(script, { arguments: command })).rejects
        .toThrow(/NOPERM|not allowed from script|can't run this command/i);
    });
  }

  it("gives the lab everything", async () => {
    await using lab = await connect(server.socketPath, server.admin);
    expect(await lab.redis.configGet("save")).toEqual({ save: "" });
    expect(await lab.redis.info("commandstats")).toContain("cmdstat_");
  });

  it("refuses more data than its share, and lives", async () => {
    await using learner = await connect(server.socketPath);
    const block = "x".repeat(16 * 1024 * 1024);
    const flood = async () => {
      for (let i = 0; i < 12; i++) await learner.redis.set(`flood${i}`, block);
    };
    await expect(flood()).rejects.toThrow("OOM");
    expect(await learner.redis.get("absent")).toBeNull();
  });

  it("does not let a script take the machine's memory", async () => {
    const victim = await startAnother("lua");
    await using learner = await connect(victim.socketPath);
    const grow = learner.redis.eval(
      `local t = {} for i = 1, 20 do t[i] = string.rep('x', 1e8) .. i end`,
    );
    await expect(grow).rejects.toThrow();
    await victim.stop();
  });

  it("answers nothing while paused and goes on after it", async () => {
    await using learner = await connect(server.socketPath);
    server.pause();
    let isAnswered = false;
    const answer = learner.redis.ping().then((text) => {
      isAnswered = true;
      return text;
    });
    // A connection is accepted by the kernel, so its success is the marker that time has passed.
    (await Deno.connect({ transport: "unix", path: server.socketPath }))
      .close();
    expect(isAnswered).toBe(false);
    server.resume();
    expect(await answer).toBe("PONG");
  });

  it("comes back empty after a restart, on the same socket", async () => {
    const restarted = await startAnother("restarted");
    const firstPid = restarted.pid;
    {
      await using learner = await connect(restarted.socketPath);
      await learner.redis.set("k", "v");
    }
    restarted.pause(); // A stopped server must be replaceable too.
    await restarted.restart();
    await using learner = await connect(restarted.socketPath);
    expect(await learner.redis.get("k")).toBeNull();
    expect(restarted.pid).not.toBe(firstPid);
    await restarted.stop();
  });

  it("says so when the socket's path is too long", async () => {
    const dir = `${stores.address.runDir}/${"x".repeat(100)}`;
    await expect(client.startRedis(dir)).rejects.toThrow("at most");
  });

  async function startAnother(name: string): Promise<RedisServer> {
    const dir = `${stores.address.runDir}/${name}`;
    await Deno.mkdir(dir, { mode: 0o711 });
    return await client.startRedis(dir);
  }
});

/** A client that reports errors through its calls and closes at the end of its scope. */
async function connect(
  path: string,
  login: { username?: string; password?: string } = {},
) {
  const redis = createClient({
    ...login,
    socket: { path, reconnectStrategy: false },
  });
  redis.on("error", () => {});
  await redis.connect();
  return {
    redis,
    // deno-lint-ignore require-await -- destroy() is synchronous, await using is not
    async [Symbol.asyncDispose]() {
      if (redis.isOpen) redis.destroy();
    },
  };
}
