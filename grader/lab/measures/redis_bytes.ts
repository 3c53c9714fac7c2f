import type { Lab } from "../types.ts";

/** Memory of every key in the run's Redis (MEMORY USAGE). */
export async function redisBytes({ redis }: Lab): Promise<number> {
  const keys = await redis.keys("*");
  const sizes = await Promise.all(
    keys.map((key) => redis.memoryUsage(key, { SAMPLES: 0 })),
  );
  return sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}
