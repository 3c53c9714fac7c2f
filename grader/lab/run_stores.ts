import { createClient, type RedisClientType } from "redis";
import type { Sql } from "postgres";
import type { RedisServer, RunDatabase, StoresClient } from "../stores/mod.ts";
import type { Store } from "./types.ts";

/** The lab's own connections: the clock, a gate's holder, its poller, and one to spare. */
const ADMIN_CONNECTIONS_MAX = 4;
const OWNER_CONNECTIONS_MAX = 4;
const RECONNECT_MS = 5;

export interface RunStoresOptions {
  readonly stores: StoresClient;
  /** Folder of this system; Redis keeps its files in it. */
  readonly dir: string;
  /** Number of shard databases. */
  readonly shards: number;
  readonly without: readonly Store[];
}

/** One system's own databases and Redis, with the lab's connections to them. */
export interface RunStores extends AsyncDisposable {
  readonly database: OpenDatabase | undefined;
  /** By shard id: "s0", "s1", … */
  readonly shards: Readonly<Record<string, OpenDatabase>>;
  readonly redis: OpenRedis | undefined;
}

export interface OpenDatabase extends RunDatabase {
  /** Superuser: clock and gates. Never for the learner's tables, whose triggers would run with its rights. */
  readonly admin: Sql;
  /** The learner's own rights. */
  readonly owner: Sql;
}

export interface OpenRedis {
  readonly server: RedisServer;
  readonly admin: RedisClientType;
}

/** Makes all of them at the same time. */
export async function openRunStores(
  options: RunStoresOptions,
): Promise<RunStores> {
  const { stores, dir, shards, without } = options;
  await using opened = new AsyncDisposableStack();
  const database = async () =>
    opened.use(openDatabase(await stores.createDatabase()));
  const redis = async () => {
    const server = opened.use(await stores.startRedis(dir));
    return opened.use(await openRedis(server));
  };
  const ids = Array.from({ length: shards }, (_, index) => `s${index}`);
  const outcomes = await Promise.allSettled([
    without.includes("postgres") ? undefined : database(),
    without.includes("redis") ? undefined : redis(),
    Promise.all(ids.map(async (id) => [id, await database()] as const)),
  ]);
  const broken = outcomes.find(({ status }) => status === "rejected");
  if (broken?.status === "rejected") throw broken.reason;
  const [main, openedRedis, entries] = outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? outcome.value : undefined
  ) as [
    OpenDatabase | undefined,
    OpenRedis | undefined,
    (readonly [string, OpenDatabase])[],
  ];
  const kept = opened.move();
  return {
    database: main,
    redis: openedRedis,
    shards: Object.fromEntries(entries),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function openDatabase(
  database: RunDatabase,
): OpenDatabase & AsyncDisposable {
  const admin = database.adminSql({ max: ADMIN_CONNECTIONS_MAX });
  const owner = database.ownerSql({ max: OWNER_CONNECTIONS_MAX });
  return {
    ...database,
    admin,
    owner,
    async [Symbol.asyncDispose]() {
      await Promise.all([admin.end({ timeout: 0 }), owner.end({ timeout: 0 })]);
      await database.drop();
    },
  };
}

async function openRedis(
  server: RedisServer,
): Promise<OpenRedis & AsyncDisposable> {
  const admin = createClient({
    ...server.admin,
    socket: {
      path: server.socketPath,
      tls: false,
      reconnectStrategy: () => RECONNECT_MS,
    },
    disableClientInfo: true,
    maintNotifications: "disabled",
  }) as RedisClientType;
  // A restart of the server is announced here too; commands wait for the reconnection.
  admin.on("error", () => {});
  await admin.connect();
  return {
    server,
    admin,
    [Symbol.asyncDispose]() {
      admin.destroy();
      return Promise.resolve();
    },
  };
}
