/** Reports in Redis; leases in Postgres, which survive Redis and go by one clock. */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";

export type Glance =
  | { readonly status: "fresh"; readonly body: string }
  | { readonly status: "stale"; readonly body: string }
  | { readonly status: "miss" };

export interface ReportCache {
  glance(id: string): Promise<Glance>;
  takeLease(id: string, token: string): Promise<Glance | "leased" | "busy">;
  store(id: string, body: string): Promise<void>;
  endLease(id: string, token: string): Promise<void>;
}

export function reportCache(
  { redis, sql, clock, config }: Context,
): ReportCache {
  const deadlineMs = Number(config.redisDeadlineMs);
  const leaseSec = Number(config.leaseSec);
  const inTime = <T>(command: Promise<T>) =>
    withinDeadline(command, deadlineMs);
  let table: Promise<void> | undefined;

  async function glance(id: string): Promise<Glance> {
    const text = await inTime(redis.get(`report:${id}`));
    if (text === null) return { status: "miss" };
    const { freshUntilMs, body } = JSON.parse(text);
    return { status: freshUntilMs > clock.now() ? "fresh" : "stale", body };
  }

  async function endLease(id: string, token: string): Promise<void> {
    await sql`DELETE FROM leases WHERE id = ${id} AND token = ${token}`;
  }

  return {
    glance,
    endLease,
    async takeLease(id, token) {
      await (table ??= createTable(sql).catch((error) => {
        table = undefined; // The next one tries again.
        throw error;
      }));
      const rows = await sql`
        INSERT INTO leases (id, token, ends_at)
        VALUES (${id}, ${token}, now() + make_interval(secs => ${leaseSec}))
        ON CONFLICT (id) DO UPDATE
        SET token = excluded.token, ends_at = excluded.ends_at
        WHERE leases.ends_at <= now()
        RETURNING id`;
      const now = await glance(id).catch(async (error) => {
        await endLease(id, token); // Nobody would end it, and all others would wait.
        throw error;
      });
      if (rows.length === 0) return now.status === "fresh" ? now : "busy";
      if (now.status !== "fresh") return "leased";
      // Its holder finished between our look and our lease.
      await endLease(id, token);
      return now;
    },
    async store(id, body) {
      const spread = Number(config.jitter) * Math.random();
      const freshMs = Number(config.reportTtlSec) * 1000 * (1 - spread);
      const entry = { freshUntilMs: clock.now() + freshMs, body };
      const keptMs = Math.ceil(freshMs + Number(config.staleSec) * 1000);
      await inTime(redis.set(`report:${id}`, JSON.stringify(entry), {
        expiration: { type: "PX", value: keptMs },
      }));
    },
  };
}

async function createTable(sql: Context["sql"]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(hashtext('leases'))`;
    await transaction`
      CREATE TABLE IF NOT EXISTS leases (
        id text PRIMARY KEY,
        token text NOT NULL,
        ends_at timestamptz NOT NULL
      )`;
  });
}
