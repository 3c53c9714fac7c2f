import { createClient, type RedisClientType } from "redis";
import postgres, { type Sql } from "postgres";
import type { TraceRow } from "@contract/trace.ts";
import {
  connectStores,
  type RedisServer,
  type RunDatabase,
  startStores,
} from "../../stores/mod.ts";
import { openProxy } from "./proxy.ts";
import type { Proxy, TraceSink, WriteGate } from "./types.ts";

/** Real stores for the tests of this room, and instances' proxies and clients to them. */
export interface WireFixture extends AsyncDisposable {
  /** Past every proxy. */
  readonly redisAdmin: RedisClientType;
  readonly postgresAdmin: Sql;
  readonly trace: RecordedTrace;
  /** Folder for sockets. */
  readonly dir: string;
  openRedis(
    instance: string,
  ): Promise<{ proxy: Proxy; redis: RedisClientType }>;
  openPostgres(
    instance: string,
    options?: { max?: number },
  ): { proxy: Proxy; sql: Sql };
}

export async function openWireFixture(): Promise<WireFixture> {
  const stores = await startStores();
  const client = connectStores(stores.address);
  const dir = await Deno.makeTempDir({ prefix: "wire-" });
  const redisServer = await client.startRedis(stores.address.runDir);
  const database = await client.createDatabase();
  const redisAdmin = await connectRedis(redisServer.socketPath, redisServer);
  const postgresAdmin = database.adminSql({ max: 3 });
  const trace = new RecordedTrace();
  const closing: (() => Promise<unknown>)[] = [];
  let number = 0;

  function open(protocol: "redis" | "postgres", instance: string): Proxy {
    const proxy = openProxy({
      protocol,
      instance,
      trace,
      listenPath: `${dir}/${protocol}-${instance}-${number++}`,
      targetPath: protocol === "redis"
        ? redisServer.socketPath
        : database.socketPath,
    });
    closing.push(() => proxy.close());
    return proxy;
  }

  return {
    redisAdmin,
    postgresAdmin,
    trace,
    dir,
    async openRedis(instance) {
      const proxy = open("redis", instance);
      const redis = await connectRedis(proxy.options.listenPath);
      closing.push(() => Promise.resolve(redis.destroy()));
      return { proxy, redis };
    },
    openPostgres(instance, { max = 10 } = {}) {
      const proxy = open("postgres", instance);
      const sql = connectPostgres(proxy.options.listenPath, database, max);
      closing.push(() => sql.end({ timeout: 0 }));
      return { proxy, sql };
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing.reverse()) await close();
      redisAdmin.destroy();
      await postgresAdmin.end();
      await database.drop();
      await redisServer.stop();
      await client[Symbol.asyncDispose]();
      await stores[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** Keeps every row. */
export class RecordedTrace implements TraceSink {
  rows: TraceRow[] = [];
  #span = 0;
  readonly #fromMs = performance.now();

  nowMs(): number {
    return Math.round((performance.now() - this.#fromMs) * 10) / 10;
  }

  nextSpan(): number {
    return ++this.#span;
  }

  write(row: TraceRow): void {
    this.rows.push(row);
  }

  /** Texts of the rows since the last call. */
  takeTexts(): string[] {
    const texts = this.rows.map((row) => row.text);
    this.rows = [];
    return texts;
  }
}

/** Fires 20 requests, `gapMs` apart, at a held store and lets go once they have settled. */
export async function gated<T>(
  gate: WriteGate,
  request: (index: number) => Promise<T>,
  gapMs = 0,
): Promise<{ result: T[]; heldMax: number }> {
  const operation = Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      if (gapMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, index * gapMs));
      }
      return await request(index);
    }),
  );
  const { heldMax } = await gate.releaseWhenSettled(operation);
  return { result: await operation, heldMax };
}

async function connectRedis(
  path: string,
  login?: Pick<RedisServer, "admin">,
): Promise<RedisClientType> {
  const client: RedisClientType = createClient({
    ...login?.admin,
    socket: { path, reconnectStrategy: () => 5 },
  });
  client.on("error", () => {
    // The tests break connections on purpose; the commands themselves report it.
  });
  return await client.connect();
}

function connectPostgres(
  path: string,
  { name, user, password }: RunDatabase,
  max: number,
): Sql {
  return postgres({
    path,
    database: name,
    user,
    password,
    max,
    onnotice: () => {},
  });
}
