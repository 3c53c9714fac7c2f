import { join } from "node:path";
import type { HostInit } from "../../sandbox/mod.ts";
import { databaseOf, type OpenDatabase, type RunStores } from "./run_stores.ts";
import { openProxy } from "../wire/proxy.ts";
import type { Proxy, TraceSink, Upstream } from "../wire/types.ts";

export interface InstanceWiresOptions {
  readonly instance: string;
  /** Folder of the system; each instance has one of its own in it, by name. */
  readonly systemDir: string;
  /** Every instance of the system, this one too. */
  readonly instances: readonly string[];
  readonly stores: RunStores;
  readonly upstreams: Readonly<Record<string, Upstream>>;
  readonly trace: TraceSink;
}

/** The proxies between one instance and all that it talks to. */
export interface InstanceWires extends AsyncDisposable {
  readonly postgres: Proxy | undefined;
  readonly redis: Proxy | undefined;
  readonly shards: Readonly<Record<string, Proxy>>;
  readonly peers: Readonly<Record<string, Proxy>>;
  readonly upstreams: Readonly<Record<string, Proxy>>;
  /** Those whose other side has the clock of the check: Postgres, Redis and the shards. */
  readonly stores: readonly Proxy[];
  readonly all: readonly Proxy[];
  /** The sockets as the instance is told. */
  readonly sockets: Pick<
    HostInit,
    "postgres" | "redisSocket" | "shards" | "peers" | "upstreams"
  >;
}

/** Opens a proxy for each store, shard and peer; those of the upstreams are open already. */
export function openInstanceWires(
  options: InstanceWiresOptions,
): InstanceWires {
  const { instance, systemDir, stores } = options;
  const open = (
    protocol: "postgres" | "redis" | "http",
    { file, targetPath, name }: Wire,
  ) =>
    openProxy({
      protocol,
      listenPath: join(systemDir, instance, file),
      targetPath,
      instance,
      name,
      trace: options.trace,
    });
  const database = databaseOf(stores, instance);
  const postgres = database && open("postgres", {
    file: "postgres.sock",
    targetPath: database.socketPath,
  });
  const redis = stores.redis && open("redis", {
    file: "redis.sock",
    targetPath: stores.redis.server.socketPath,
  });
  const shards = mapValues(
    stores.shards,
    ({ socketPath }, id) =>
      open("postgres", {
        file: `shard-${id}.sock`,
        targetPath: socketPath,
        name: id,
      }),
  );
  const others = options.instances.filter((other) => other !== instance);
  const peers = Object.fromEntries(others.map((other) => [
    other,
    open("http", {
      file: `peer-${other}.sock`,
      targetPath: join(systemDir, other, "http.sock"),
      name: other,
    }),
  ]));
  const upstreams = mapValues(
    options.upstreams,
    ({ proxies }) => proxies[instance]!,
  );
  const toStores = [postgres, redis, ...Object.values(shards)]
    .filter((proxy) => proxy !== undefined);
  const own = [...toStores, ...Object.values(peers)];
  return {
    postgres,
    redis,
    shards,
    peers,
    upstreams,
    stores: toStores,
    all: [...own, ...Object.values(upstreams)],
    sockets: {
      postgres: postgres && loginThrough(postgres, database!),
      redisSocket: redis?.options.listenPath,
      shards: mapValues(
        shards,
        (proxy, id) => loginThrough(proxy, stores.shards[id]!),
      ),
      peers: mapValues(peers, ({ options }) => options.listenPath),
      upstreams: mapValues(upstreams, ({ options }) => options.listenPath),
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(own.map((proxy) => proxy.close()));
    },
  };
}

interface Wire {
  readonly file: string;
  readonly targetPath: string;
  readonly name?: string;
}

function loginThrough({ options }: Proxy, database: OpenDatabase) {
  const { name, user, password } = database;
  return { path: options.listenPath, database: name, user, password };
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  convert: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, convert(value, key)]),
  );
}
