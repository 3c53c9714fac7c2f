/** What a command reads or writes, so that no read is shown on the wrong side of a write. */
import type { TraceRow } from "@contract/trace.ts";

export interface Access {
  /** "redis", "postgres", "s1": rows of different stores never stand in each other's way. */
  readonly store: string;
  /** Keys or a table; undefined when it could be any. */
  readonly resources?: readonly string[];
  readonly isWrite: boolean;
}

const REDIS_READS = new Set(
  ("GET EXISTS HEXISTS HGET HGETALL HLEN HMGET LLEN LRANGE MGET PFCOUNT PTTL SCARD SISMEMBER SMEMBERS STRLEN TTL " +
    "ZCARD ZCOUNT ZRANGE ZSCORE").split(" "),
);
const REDIS_WRITES_OF_ONE_KEY = new Set(
  ("APPEND DECR DECRBY EXPIRE GETSET HINCRBY HSET INCR INCRBY LPUSH PEXPIRE PFADD PSETEX RPUSH SADD SET SETEX " +
    "SREM ZADD ZREM").split(" "),
);
const REDIS_OF_MANY_KEYS = new Set("DEL EXISTS MGET UNLINK".split(" "));
const SCRIPT_KEYS = /^EVAL(?:_RO)? .+? (\d+) (.*)/;
/** A shard's name may stand before the statement. */
const SQL = /^(?:(\w+) )?(SELECT|INSERT INTO|UPDATE|DELETE FROM|BEGIN)\b/i;
const SQL_TABLE = /\b(?:FROM|INTO|UPDATE)\s+"?([\w.]+)/i;
/** Of a SELECT that does not only look. */
const SQL_CHANGES = /\b(?:FOR UPDATE|FOR SHARE|nextval|pg_advisory\w*)\b/i;

/** Undefined for what is no message to a store or upstream. */
export function accessOf({ kind, text }: TraceRow): Access | undefined {
  if (kind === "redis") return redisAccess(text);
  if (kind === "postgres") return sqlAccess(text);
  if (kind === "upstream" || kind === "peer") {
    return { store: kind, isWrite: true };
  }
}

function redisAccess(text: string): Access {
  const [name = "", ...words] = text.split(" ");
  const isWrite = !REDIS_READS.has(name);
  if (REDIS_OF_MANY_KEYS.has(name)) {
    return { store: "redis", resources: words, isWrite };
  }
  const isOfOne = !isWrite || REDIS_WRITES_OF_ONE_KEY.has(name);
  const resources = isOfOne ? words.slice(0, 1) : keysOfScript(text);
  return { store: "redis", resources, isWrite };
}

/** `EVAL "local n = …" 2 a b 10` uses a and b. */
function keysOfScript(text: string): string[] | undefined {
  const [, count, rest = ""] = SCRIPT_KEYS.exec(text) ?? [];
  return count === undefined
    ? undefined
    : rest.split(" ").slice(0, Number(count));
}

function sqlAccess(text: string): Access {
  const [, shard, verb] = SQL.exec(text) ?? [];
  const store = `postgres ${shard ?? ""}`;
  const isRead = verb !== undefined && !SQL_CHANGES.test(text) &&
    /^(?:SELECT|BEGIN)$/i.test(verb);
  const table = verb === undefined ? undefined : SQL_TABLE.exec(text)?.[1];
  const resources = table === undefined ? undefined : [table];
  return { store, resources, isWrite: !isRead };
}

/** Whether it matters which of the two came first. */
export function isConflict(left: Access, right: Access): boolean {
  if (left.store !== right.store) return false;
  if (!left.isWrite && !right.isWrite) return false;
  const others = right.resources;
  return left.resources === undefined || others === undefined ||
    left.resources.some((resource) => others.includes(resource));
}
