/** Which key or table a command is about. */
import type { Span, Timeline } from "./types.ts";

export interface Access {
  /** "limit:alice", or a table's name. */
  readonly resource: string;
  readonly isWrite: boolean;
}

const REDIS_READS = new Set(
  "GET MGET HGET HMGET HGETALL EXISTS STRLEN ZCARD ZCOUNT ZSCORE ZRANGE LLEN LRANGE SCARD SISMEMBER SMEMBERS"
    .split(" "),
);
const REDIS_WRITES = new Set(
  "SET SETEX PSETEX GETSET INCR INCRBY DECR DECRBY HSET HINCRBY ZADD ZREM LPUSH RPUSH SADD SREM DEL UNLINK"
    .split(" "),
);
/** A shard's name may stand before the statement. */
const SQL_VERB = /\b(SELECT|INSERT|UPDATE|DELETE)\b/i;
const SQL_TABLE = /\b(?:FROM|INTO|UPDATE)\s+"?([\w.]+)/i;

/** What a command reads or writes; undefined for one that is not known to do either. */
export function accessOf({ kind, text }: Span): Access | undefined {
  const [word = "", argument] = text.split(/\s+/, 2);
  const command = word.toUpperCase();
  if (kind === "redis" && argument !== undefined) {
    if (REDIS_WRITES.has(command)) return { resource: argument, isWrite: true };
    if (REDIS_READS.has(command)) return { resource: argument, isWrite: false };
  }
  const table = kind === "postgres" ? SQL_TABLE.exec(text)?.[1] : undefined;
  const verb = SQL_VERB.exec(text)?.[1]?.toUpperCase();
  if (table === undefined || verb === undefined) return undefined;
  return { resource: table, isWrite: verb !== "SELECT" };
}

/** What the row at `index` is about. */
export function resourceAt(
  { rows, spans }: Timeline,
  index: number,
): string | undefined {
  const { spanIndex } = rows[index] ?? {};
  return spanIndex === undefined
    ? undefined
    : accessOf(spans[spanIndex]!)?.resource;
}
