import type { WireCounts } from "../measures/types.ts";
import type { ProxyCounts } from "./types.ts";

/** What crossed a proxy between two looks at `counts()`. */
export function countsBetween(
  before: ProxyCounts,
  after: ProxyCounts,
): ProxyCounts {
  const names = Object.entries(after.byName)
    .map(([name, count]) => [name, count - (before.byName[name] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return {
    messages: after.messages - before.messages,
    roundTrips: after.roundTrips - before.roundTrips,
    bytesReceived: after.bytesReceived - before.bytesReceived,
    byName: Object.fromEntries(names),
    statements: after.statements.slice(before.statements.length),
    connections: after.connections - before.connections,
  };
}

/** The counts of all proxies of a run, in the words of a check. */
export function toWireCounts(
  { redis, postgres, upstreams }: {
    readonly redis: readonly ProxyCounts[];
    readonly postgres: readonly ProxyCounts[];
    readonly upstreams: Readonly<Record<string, readonly ProxyCounts[]>>;
  },
): WireCounts {
  const commands = summed(redis);
  const sql = summed(postgres);
  const calls = Object.entries(upstreams)
    .map(([name, counts]) => [name, summed(counts)] as const);
  return {
    redis: {
      commands: commands.messages,
      roundTrips: commands.roundTrips,
      bytesReceived: commands.bytesReceived,
      byName: commands.byName,
    },
    postgres: {
      messages: sql.messages,
      bytesReceived: sql.bytesReceived,
      statements: sql.statements,
    },
    upstreams: Object.fromEntries(
      calls.map(([name, { messages }]) => [name, messages]),
    ),
    connections: {
      redis: commands.connections,
      postgres: sql.connections,
      upstreams: Object.fromEntries(
        calls.map(([name, { connections }]) => [name, connections]),
      ),
    },
  };
}

function summed(counts: readonly ProxyCounts[]): ProxyCounts {
  const byName: Record<string, number> = {};
  for (const one of counts) {
    for (const [name, count] of Object.entries(one.byName)) {
      byName[name] = (byName[name] ?? 0) + count;
    }
  }
  return {
    messages: sum(counts.map((one) => one.messages)),
    roundTrips: sum(counts.map((one) => one.roundTrips)),
    bytesReceived: sum(counts.map((one) => one.bytesReceived)),
    byName,
    statements: counts.flatMap((one) => one.statements),
    connections: sum(counts.map((one) => one.connections)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
