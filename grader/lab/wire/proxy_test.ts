import { after, before, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { countsBetween } from "./counts.ts";
import { openProxy } from "./proxy.ts";
import {
  openWireFixture,
  RecordedTrace,
  type WireFixture,
} from "./wire_fixture.ts";

describe("openProxy() for Redis", () => {
  let wire: WireFixture;
  before(async () => {
    wire = await openWireFixture();
  });
  after(() => wire[Symbol.asyncDispose]());
  beforeEach(() => wire.redisAdmin.flushAll());

  it("counts commands and round trips, not the driver's greeting", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    expect(proxy.counts()).toEqual({
      messages: 0,
      roundTrips: 0,
      bytesReceived: 0,
      byName: {},
      statements: [],
      connections: 1,
    });
    await redis.set("a", "1");
    await redis.get("a");
    await redis.multi().incr("n").expire("n", 60).exec();
    expect(proxy.counts()).toMatchObject({
      messages: 6,
      roundTrips: 3,
      // OK, $1 1, OK, QUEUED, QUEUED, and *2 :1 :1 with their line ends.
      bytesReceived: 5 + 7 + 5 + 9 + 9 + 12,
      byName: { SET: 1, GET: 1, MULTI: 1, INCR: 1, EXPIRE: 1, EXEC: 1 },
    });
  });

  it("tells a pipeline of 100 from 100 commands one by one", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    const pipeline = redis.multi();
    for (let n = 0; n < 100; n++) pipeline.set(`key:${n}`, "x");
    await pipeline.execAsPipeline();
    const before = proxy.counts();
    expect(before).toMatchObject({ messages: 100, roundTrips: 1 });
    for (let n = 0; n < 100; n++) await redis.get(`key:${n}`);
    expect(countsBetween(before, proxy.counts()))
      .toMatchObject({ messages: 100, roundTrips: 100 });
  });

  it("traces each command and its reply under one span", async () => {
    const { redis } = await wire.openRedis("A");
    await redis.set("limit:alice", "9");
    wire.trace.takeTexts();
    await redis.get("limit:alice");
    await redis.get("nobody");
    expect(wire.trace.rows).toMatchObject([
      { instance: "A", kind: "redis", text: "GET limit:alice" },
      { instance: "A", kind: "redis", text: '→ "9"' },
      { text: "GET nobody" },
      { text: "→ nil" },
    ]);
    const [asked, answered] = wire.trace.rows;
    expect(answered!.span).toBe(asked!.span);
    expect(answered!.durationMs).toBeGreaterThan(0);
  });

  it("carries values of several megabytes both ways", async () => {
    const { redis } = await wire.openRedis("A");
    const value = "0123456789abcdef".repeat(5 * 65_536);
    await redis.set("large", value);
    expect(await redis.get("large") === value).toBe(true);
  });

  it("passes published messages without taking them for replies", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    const subscriber = redis.duplicate();
    subscriber.on("error", () => {});
    await subscriber.connect();
    const heard = Promise.withResolvers<string>();
    await subscriber.subscribe(
      ["news", "weather"],
      (text) => heard.resolve(text),
    );
    await redis.publish("news", "hello");
    expect(await heard.promise).toBe("hello");
    expect(proxy.outstanding).toBe(0);
    expect(wire.trace.takeTexts()).toContain('← ["message", "news", "hello"]');
    subscriber.destroy();
  });

  it("warns of commands that the virtual clock cannot move", async () => {
    const { proxy, redis } = await wire.openRedis("A");
    await redis.set("k", "v", { expiration: { type: "EX", value: 60 } });
    expect(proxy.warnings).toEqual([]);
    await redis.expireAt("k", 2_000_000_000);
    await redis.eval("return redis.call('TIME')");
    await redis.expireAt("k", 2_000_000_000);
    expect(proxy.warnings.map(({ code }) => code)).toEqual([
      "EXPIREAT",
      "TIME",
    ]);
    expect(proxy.warnings[0]!.message).toContain("Use a relative lifetime");
  });
});

describe("openProxy() for Postgres", () => {
  let wire: WireFixture;
  before(async () => {
    wire = await openWireFixture();
  });
  after(() => wire[Symbol.asyncDispose]());

  it("counts one message per Query and Sync, not the start-up", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 1 });
    await sql`CREATE TABLE stock (id int PRIMARY KEY, n int)`;
    const before = proxy.counts();
    expect(before).toMatchObject({ messages: 1, connections: 1 });
    await sql`INSERT INTO stock VALUES (1, 5)`;
    await sql`UPDATE stock SET n = n - ${1} WHERE id = ${1}`;
    await sql.begin((tx) => tx`SELECT n FROM stock WHERE id = ${1}`);
    expect(countsBetween(before, proxy.counts())).toEqual({
      messages: 5,
      roundTrips: 5,
      bytesReceived: expect.any(Number),
      byName: { INSERT: 1, UPDATE: 1, BEGIN: 1, SELECT: 1, COMMIT: 1 },
      statements: [
        "INSERT INTO stock VALUES (1, 5)",
        "UPDATE stock SET n = n - $1 WHERE id = $2",
        "begin",
        "SELECT n FROM stock WHERE id = $1",
        "commit",
      ],
      connections: 0,
    });
  });

  it("counts the bytes of replies, also of those that come in many pieces", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 1 });
    const bytesFor = async (length: number) => {
      const before = proxy.counts();
      await sql`SELECT repeat('x', ${length}::int) AS text`;
      return countsBetween(before, proxy.counts()).bytesReceived;
    };
    await bytesFor(1); // Prepared: from now on only rows come.
    const short = await bytesFor(10);
    expect(short).toBeGreaterThan(10);
    expect(await bytesFor(300_010)).toBe(short + 300_000);
  });

  it("traces SQL with its values, rows, tags and errors", async () => {
    const { sql } = wire.openPostgres("A", { max: 1 });
    await sql`CREATE TABLE seats (id int PRIMARY KEY, owner text)`;
    await sql`SELECT 1`;
    wire.trace.takeTexts();
    await sql`INSERT INTO seats VALUES (${7}, ${"alice"})`;
    await sql`SELECT *
      FROM seats -- all of it
      WHERE id = ${7}`;
    await sql`UPDATE seats SET owner = ${null} WHERE id = ${7}`;
    await sql`INSERT INTO seats VALUES (${7}, ${"bob"})`.catch(() => {});
    expect(wire.trace.rows).toMatchObject([
      { kind: "postgres", text: "INSERT INTO seats VALUES (7, 'alice')" },
      { kind: "postgres", text: "→ INSERT 0 1" },
      { text: "SELECT * FROM seats WHERE id = 7" },
      { text: "→ 1 row (7, alice)" },
      { text: "UPDATE seats SET owner = null WHERE id = 7" },
      { text: "→ UPDATE 1" },
      { text: "INSERT INTO seats VALUES (7, 'bob')" },
      {
        text:
          '→ error 23505 duplicate key value violates unique constraint "seats_pkey"',
      },
    ]);
  });

  it("shows the SQL of a statement that was prepared before", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 1 });
    for (const id of [1, 2]) await sql`SELECT ${id}::int AS id`;
    expect(wire.trace.takeTexts()).toContain("SELECT 2::int AS id");
    expect(proxy.counts().messages).toBe(2);
  });

  it("carries large values, cursors and COPY both ways", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 1 });
    const value = "x".repeat(3_000_000);
    const [row] = await sql`SELECT ${value}::text AS value`;
    expect(row!.value.length).toBe(3_000_000);
    const seen: number[] = [];
    for await (
      const rows of sql`SELECT generate_series(1, 25) AS n`.cursor(10)
    ) {
      seen.push(rows.length);
    }
    expect(seen).toEqual([10, 10, 5]);
    await sql`CREATE TABLE copied (line text)`;
    const writable = await sql`COPY copied FROM STDIN`.writable();
    await new Promise<void>((resolve, reject) => {
      writable.on("finish", resolve).on("error", reject);
      writable.write("one\n");
      writable.end("two\n");
    });
    expect(await sql`SELECT count(*)::int AS n FROM copied`)
      .toMatchObject([{ n: 2 }]);
    expect(proxy.outstanding).toBe(0);
  });

  it("passes notifications, and the cancelling of a query", async () => {
    const { proxy, sql } = wire.openPostgres("A");
    const heard = Promise.withResolvers<string>();
    const { unlisten } = await sql.listen("jobs", heard.resolve);
    await sql`SELECT pg_notify('jobs', '42')`;
    expect(await heard.promise).toBe("42");
    expect(wire.trace.takeTexts()).toContain('← notify jobs "42"');
    await unlisten();
    const query = sql`SELECT pg_sleep(10)`;
    const outcome = query.catch((error) => error.code);
    while (proxy.outstanding === 0) await wire.postgresAdmin`SELECT 1`;
    query.cancel();
    expect(await outcome).toBe("57014");
  });

  it("warns of SQL that the virtual clock cannot move", async () => {
    const { proxy, sql } = wire.openPostgres("A", { max: 1 });
    await sql`SELECT now(), 'CURRENT_TIMESTAMP' AS text`;
    expect(proxy.warnings).toEqual([]);
    await sql`SELECT CURRENT_TIMESTAMP`;
    await sql`SELECT pg_sleep(0)`;
    expect(proxy.warnings.map(({ code }) => code))
      .toEqual(["CURRENT_TIMESTAMP", "pg_sleep"]);
  });
});

describe("openProxy() for peers and streams", () => {
  let dir: string;
  let trace: RecordedTrace;
  before(async () => {
    dir = await Deno.makeTempDir({ prefix: "wire-" });
  });
  beforeEach(() => {
    trace = new RecordedTrace();
  });
  after(() => Deno.remove(dir, { recursive: true }));

  it("passes a WebSocket on, and names the peer in the evidence", async () => {
    const server = Deno.serve(
      {
        path: `${dir}/peer`,
        onListen: () => {},
        handler: (request: Request) => {
          const { socket, response } = Deno.upgradeWebSocket(request);
          socket.onmessage = ({ data }) => socket.send(`${data}, too`);
          return response;
        },
      } as Deno.ServeUnixOptions & { handler: Deno.ServeHandler },
    );
    await using proxy = openProxy({
      protocol: "http",
      kind: "peer",
      name: "B",
      instance: "A",
      trace,
      listenPath: `${dir}/a-b`,
      targetPath: `${dir}/peer`,
    });
    const path = proxy.options.listenPath;
    using client = Deno.createHttpClient({
      proxy: { transport: "unix", path },
    });
    // The DOM's types know no options.
    const options = { client } as unknown as string[];
    const socket = new WebSocket("ws://peer/sync?x=1", options);
    const heard = Promise.withResolvers<string>();
    socket.onmessage = ({ data }) => heard.resolve(data);
    socket.onopen = () => socket.send("hello");
    expect(await heard.promise).toBe("hello, too");
    expect(trace.rows).toMatchObject([
      { kind: "peer", instance: "A", text: "B GET /sync?x=1" },
      { kind: "peer", text: "→ 101" },
    ]);
    socket.close();
    await proxy.close();
    await server.shutdown();
  });

  it("reads no further than the other side does", async () => {
    using listener = Deno.listen({ transport: "unix", path: `${dir}/deaf` });
    await using proxy = openProxy({
      protocol: "raw",
      instance: "A",
      listenPath: `${dir}/full`,
      targetPath: `${dir}/deaf`,
    });
    const path = proxy.options.listenPath;
    const client = await Deno.connect({ transport: "unix", path });
    using server = await listener.accept();
    const piece = new Uint8Array(65_536);
    let written = 0;
    const stuck = (async () => {
      for (;;) written += await client.write(piece);
    })().catch(() => {}); // It ends when the client is closed.
    // Each byte that is read makes room for one more; nothing else does.
    for (let seen = -1; seen !== written;) {
      seen = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(written).toBeLessThan(4_000_000);
    const before = written;
    const sink = new Uint8Array(65_536);
    for (let read = 0; read < 1_000_000;) read += await server.read(sink) ?? 0;
    while (written === before) await server.read(sink);
    client.close();
    await stuck;
  });

  it("passes raw bytes and half-closed streams on", async () => {
    using listener = Deno.listen({ transport: "unix", path: `${dir}/echo` });
    const echoing = listener.accept().then(async (connection) => {
      await connection.readable.pipeTo(connection.writable);
    });
    await using proxy = openProxy({
      protocol: "raw",
      instance: "A",
      listenPath: `${dir}/raw`,
      targetPath: `${dir}/echo`,
    });
    const path = proxy.options.listenPath;
    const connection = await Deno.connect({ transport: "unix", path });
    const sent = new TextEncoder().encode("x".repeat(200_000));
    const received = new Response(connection.readable).bytes();
    for (let rest = sent; rest.length > 0;) {
      rest = rest.subarray(await connection.write(rest));
    }
    await connection.closeWrite();
    expect((await received).length).toBe(sent.length);
    await echoing;
  });
});
