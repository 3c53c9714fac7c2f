import type { RedisClientType } from "redis";
import type { SystemUnderTest } from "./system.ts";

/** The check's own client: as any other, but an emptied Redis still knows the time. */
export function labRedis(
  { stores, clock }: Pick<SystemUnderTest, "stores" | "clock">,
): RedisClientType {
  const client = stores.redis?.admin;
  if (client === undefined) return absent();
  const thenSetClock = (flush: () => Promise<unknown>) => async () => {
    const reply = await flush();
    await clock.restartRedis();
    return reply;
  };
  const emptying: Readonly<Record<string, () => Promise<unknown>>> = {
    flushAll: thenSetClock(() => client.flushAll()),
    flushDb: thenSetClock(() => client.flushDb()),
  };
  return new Proxy(client, {
    get(_, name) {
      if (Object.hasOwn(emptying, name)) return emptying[String(name)];
      const value = Reflect.get(client, name, client);
      return typeof value === "function" ? value.bind(client) : value;
    },
  });
}

function absent(): RedisClientType {
  return new Proxy({} as RedisClientType, {
    get() {
      throw new Error("This check runs without Redis");
    },
  });
}
