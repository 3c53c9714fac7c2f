import type { Lab } from "@lab";

/** Memory of every key in the run's Redis. */
export async function redisBytes(lab: Lab): Promise<number> {
  const keys = await lab.redis.keys("*");
  const sizes = await Promise.all(
    keys.map((key) => lab.redis.memoryUsage(key, { SAMPLES: 0 })),
  );
  return sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}
