import "./light_commands.cjs";
import { createClient, type RedisClientType } from "redis";

/** Before an attempt to connect fails. */
const CONNECT_MS_MAX = 1_000;
/** Between attempts; the outage of a check ends within seconds. */
const RECONNECT_MS_MAX = 200;
/** How long an instance waits for a Redis that says nothing before it starts without. */
const START_MS_MAX = 2_000;

/**
 * Never connected. The driver builds a table of all its commands for each set of options that it has not just seen:
 * it is built while the process waits for "go", and the client of the run is a duplicate.
 */
const template = createClient({
  disableOfflineQueue: true,
  commandOptions: { timeout: undefined },
  // Neither is the learner's doing, so neither should be counted or traced.
  disableClientInfo: true,
  maintNotifications: "disabled",
});

/**
 * Client of the run's Redis. While the connection is lost, commands in flight and new ones reject at once, none is
 * queued; it reconnects within 200 ms by itself. A server that accepts and never answers is not an outage that a
 * client can see: how long to wait for it is the learner's decision (`AbortSignal.timeout`, `Promise.race`).
 */
export async function redisClient(
  path: string,
  onError: (error: Error) => void,
): Promise<RedisClientType> {
  const client = template.duplicate({
    socket: {
      path,
      tls: false,
      connectTimeout: CONNECT_MS_MAX,
      reconnectStrategy: (attempts) =>
        Math.min(20 * (attempts + 1), RECONNECT_MS_MAX),
    },
  }) as RedisClientType;
  reportErrors(client, onError);
  await connectedOrRefused(client);
  return client;
}

/**
 * Without a listener an "error" event ends the process, also that of a duplicate made for subscriptions. An outage
 * is reported once, not with each attempt to end it.
 */
function reportErrors(
  client: RedisClientType,
  onError: (error: Error) => void,
): void {
  let isOut = false;
  client.on("error", (error: Error) => {
    if (!isOut) onError(error);
    isOut = true;
  });
  client.on("ready", () => isOut = false);
  const duplicate = client.duplicate.bind(client);
  client.duplicate = ((options) => {
    const copy = duplicate(options) as unknown as RedisClientType;
    reportErrors(copy, onError);
    return copy;
  }) as typeof client.duplicate;
}

/** A busy machine takes its time to connect; a Redis that refuses, now, is not worth waiting for. */
async function connectedOrRefused(client: RedisClientType): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.once("ready", resolve);
  client.once("error", () => resolve()); // It goes on trying.
  const timer = setTimeout(resolve, START_MS_MAX);
  // Rejects only when the client is closed meanwhile; lost connections come as "error" events.
  client.connect().catch(() => {});
  await promise;
  clearTimeout(timer);
}
