/** Reports in Redis, and the lease of whoever is loading one: all that instances know of each other's work. */
import type { Context } from "@contract/system.ts";
import { withinDeadline } from "./deadline.ts";

export type Glance =
  | { readonly status: "fresh"; readonly body: string }
  | { readonly status: "stale"; readonly body: string }
  | { readonly status: "miss" };

export interface ReportCache {
  glance(id: string): Promise<Glance>;
  /** Takes the lease if nobody has it and the report is not fresh. The token is needed to end it. */
  takeLease(id: string, token: string): Promise<Glance | "leased" | "busy">;
  store(id: string, body: string): Promise<void>;
  endLease(id: string, token: string): Promise<void>;
}

/** An entry is "<fresh until, ms> <body>". Looking and leasing are one step: in between somebody could finish. */
const TAKE_LEASE = `
  local entry = redis.call('GET', KEYS[1])
  if entry and tonumber(string.match(entry, '^%d+')) > tonumber(ARGV[1]) then
    return entry
  end
  if redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then return 1 end
  return 0`;

/** Only the holder's own lease: it may have run out, and be another's by now. */
const END_LEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

export function reportCache({ redis, clock, config }: Context): ReportCache {
  const deadlineMs = Number(config.redisDeadlineMs);
  const leaseMs = String(Number(config.leaseSec) * 1000);
  const inTime = <T>(command: Promise<T>) =>
    withinDeadline(command, deadlineMs);

  function decode(entry: string): Glance {
    const space = entry.indexOf(" ");
    const isFresh = Number(entry.slice(0, space)) > clock.now();
    const status = isFresh ? "fresh" : "stale";
    return { status, body: entry.slice(space + 1) };
  }

  return {
    async glance(id) {
      const entry = await inTime(redis.get(reportKey(id)));
      return entry === null ? { status: "miss" } : decode(entry);
    },
    async takeLease(id, token) {
      const reply = await inTime(redis.eval(TAKE_LEASE, {
        keys: [reportKey(id), leaseKey(id)],
        arguments: [String(clock.now()), token, leaseMs],
      }));
      if (typeof reply === "string") return decode(reply);
      return reply === 1 ? "leased" : "busy";
    },
    async store(id, body) {
      // Reports that are made together must not all end together.
      const jitter = Number(config.jitter) * Math.random();
      const freshMs = Number(config.reportTtlSec) * 1000 * (1 - jitter);
      const freshUntilMs = Math.floor(clock.now() + freshMs);
      const keptMs = Math.ceil(freshMs + Number(config.staleSec) * 1000);
      await inTime(redis.set(reportKey(id), `${freshUntilMs} ${body}`, {
        expiration: { type: "PX", value: keptMs },
      }));
    },
    async endLease(id, token) {
      const keys = [leaseKey(id)];
      await inTime(redis.eval(END_LEASE, { keys, arguments: [token] }));
    },
  };
}

function reportKey(id: string): string {
  return `report:${id}`;
}

function leaseKey(id: string): string {
  return `lease:${id}`;
}
