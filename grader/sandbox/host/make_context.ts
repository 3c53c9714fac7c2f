import type { Sql } from "postgres";
import type { RedisClientType } from "redis";
import type { Clock, Context, Log } from "@contract/system.ts";
import { logLine, nameAndMessage } from "../log_line.ts";
import type { HostInit } from "../types.ts";
import { absentStore } from "./absent_store.ts";
import { placeBehind } from "./own_frame.ts";
import { postgresClient } from "./postgres_client.ts";
import { socketFetch } from "./socket_fetch.ts";

export interface ContextOptions {
  readonly init: HostInit;
  readonly clock: Clock;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly submissionUrl: string;
}

/** Everything that the learner's factory gets. */
export async function makeContext(
  { init, clock, dataDir, signal, submissionUrl }: ContextOptions,
): Promise<Context> {
  const log = writeLog(init.instance, submissionUrl);
  const client = (socket: NonNullable<HostInit["postgres"]>) =>
    postgresClient(socket, init.instance);
  return {
    instance: init.instance,
    sql: init.postgres ? client(init.postgres) : absentStore<Sql>("Postgres"),
    redis: await redisOf(init, log),
    clock,
    config: Object.freeze({ ...init.config }),
    peers: Object.entries(init.peers).map(([instance, socket]) => ({
      instance,
      fetch: socketFetch(socket, `The peer ${instance}`),
    })),
    upstreams: mapValues(init.upstreams, (socket, name) => ({
      fetch: socketFetch(socket, `The upstream ${name}`),
      connect: () => Deno.connect({ transport: "unix", path: socket }),
    })),
    shards: mapValues(init.shards, client),
    dataDir,
    signal,
    log,
  };
}

function writeLog(instance: string, submissionUrl: string): Log {
  const describe = (error: Error) =>
    nameAndMessage(error) + placeBehind(error, submissionUrl);
  return function log(message, fields) {
    console.log(logLine(message, { instance, ...fields }, describe));
  };
}

async function redisOf(init: HostInit, log: Log): Promise<RedisClientType> {
  if (init.redisSocket === undefined) {
    return absentStore<RedisClientType>("Redis");
  }
  const { redisClient } = await import("./redis_client.ts");
  return await redisClient(
    init.redisSocket,
    (error) => log("Redis connection", { error }),
  );
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  convert: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, convert(value, key)]),
  );
}
