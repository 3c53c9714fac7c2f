import { createClient, type RedisClientType } from "redis";
import type { Sql } from "postgres";
import type {
  RedisServer,
  RunDatabase,
  StoresClient,
} from "../../stores/mod.ts";
import type { Store } from "../types.ts";

/** The lab's own connections: the clock, a gate's holder, its poller, and one to spare. */
const ADMIN_CONNECTIONS_MAX = 4;
const OWNER_CONNECTIONS_MAX = 4;
const RECONNECT_MS = 5;

/**
 * Never connected: its duplicates share the driver's table of commands, which takes 35 ms to build. Made for the
 * first Redis, as there are stages without one.
 */
let template: ReturnType<typeof createClient> | undefined;

export interface RunStoresOptions {
  readonly stores: StoresClient;
  /** Folder of this system; Redis keeps its files in it. */
  readonly dir: string;
  /** Number of shard databases. */
  readonly shards: number;
  /** Instances that get a database of their own, in place of the one that all share; see `CheckOptions.databases`. */
  readonly privateFor: readonly string[];
  readonly without: readonly Store[];
}

/** One system's own databases and Redis, with the lab's connections to them. */
export interface RunStores extends AsyncDisposable {
  /** The one that all instances share; undefined when each has its own. */
  readonly database: OpenDatabase | undefined;
  /** By instance; empty when they share one. */
  readonly privateDatabases: Readonly<Record<string, OpenDatabase>>;
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
  const { stores, dir, shards, privateFor, without } = options;
  await using opened = new AsyncDisposableStack();
  const database = async () =>
    opened.use(openDatabase(await stores.createDatabase()));
  const redis = async () => {
    const server = opened.use(await stores.startRedis(dir));
    return opened.use(await openRedis(server));
  };
  const databasesFor = (names: readonly string[]) =>
    Promise.all(names.map(async (name) => [name, await database()] as const));
  const ids = Array.from({ length: shards }, (_, index) => `s${index}`);
  const hasPostgres = !without.includes("postgres");
  const isShared = privateFor.length === 0;
  const outcomes = await Promise.allSettled([
    hasPostgres && isShared ? database() : undefined,
    without.includes("redis") ? undefined : redis(),
    databasesFor(ids),
    databasesFor(hasPostgres ? privateFor : []),
  ]);
  const broken = outcomes.find(({ status }) => status === "rejected");
  if (broken?.status === "rejected") throw broken.reason;
  const [main, openedRedis, shardEntries, privateEntries] = outcomes.map((
    outcome,
  ) => outcome.status === "fulfilled" ? outcome.value : undefined) as [
    OpenDatabase | undefined,
    OpenRedis | undefined,
    (readonly [string, OpenDatabase])[],
    (readonly [string, OpenDatabase])[],
  ];
  const kept = opened.move();
  return {
    database: main,
    redis: openedRedis,
    privateDatabases: Object.fromEntries(privateEntries),
    shards: Object.fromEntries(shardEntries),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Behind the `context.sql` of `instance`. */
export function databaseOf(
  { database, privateDatabases }: RunStores,
  instance: string,
): OpenDatabase | undefined {
  return privateDatabases[instance] ?? database;
}

/** Every database behind a `context.sql`, each once; the shards are not among them. */
export function databasesOf(
  { database, privateDatabases }: RunStores,
): readonly OpenDatabase[] {
  return database ? [database] : Object.values(privateDatabases);
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
  template ??= createClient({
    disableClientInfo: true,
    maintNotifications: "disabled",
  });
  const admin = template.duplicate({
    ...server.admin,
    socket: {
      path: server.socketPath,
      tls: false,
      reconnectStrategy: () => RECONNECT_MS,
    },
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
