import type { RedisClientType } from "redis";
import { openWriteGate } from "./settle.ts";
import type { WriteGate, WriteGateOptions } from "./types.ts";

/**
 * Holds every command that writes (EVAL always counts as one) in a Redis. `admin` is a client of the lab's own,
 * past all proxies.
 *
 * @see https://redis.io/docs/latest/commands/client-pause/
 */
export async function holdRedisWrites(
  admin: RedisClientType,
  options: WriteGateOptions = {},
): Promise<WriteGate> {
  // Clients in a BLPOP are blocked too, and none of the gate's doing.
  const blockedBefore = await blockedClients(admin);
  await admin.sendCommand(["CLIENT", "PAUSE", String(PAUSE_MS_MAX), "WRITE"]);
  return openWriteGate({
    async waiting() {
      return Math.max(0, await blockedClients(admin) - blockedBefore);
    },
    async release() {
      await admin.sendCommand(["CLIENT", "UNPAUSE"]);
    },
  }, options);
}

async function blockedClients(admin: RedisClientType): Promise<number> {
  const info = await admin.info("clients");
  return Number(/^blocked_clients:(\d+)/m.exec(info)?.[1] ?? 0);
}

/** Redis lets go by itself after this, should the judge die. */
const PAUSE_MS_MAX = 10_000;
