/**
 * The wire layer: everything that stands between an instance and what it talks to.
 *
 * The lab opens one {@link Proxy} per instance and store, peer or shard, and one {@link Upstream} per service
 * outside the system. All of them live in the judge's process, so that a count, a gate or a fault is a fact
 * and not a request to somebody else.
 *
 * @module
 */
import type { TraceRow } from "@contract/trace.ts";
import type { Fault, Gate } from "../faults/types.ts";
import type { FakeUpstream } from "./upstream_types.ts";

/** What the bytes mean. `raw` is passed on unread (layer 4). */
export type WireProtocol = "redis" | "postgres" | "http" | "raw";

export interface ProxyOptions {
  readonly protocol: WireProtocol;
  /** Unix socket that the instance connects to; at most 107 bytes. */
  readonly listenPath: string;
  /** Unix socket of the real store, peer or fake. Opened afresh for each connection. */
  readonly targetPath: string;
  /** Instance on this side of the proxy: "A". */
  readonly instance: string;
  /** The other side, as the evidence calls it when it is not the protocol: "B", "bank", "s1". */
  readonly name?: string;
  /** How the rows are drawn. Default: the protocol's own, `peer` for http and raw. */
  readonly kind?: TraceRow["kind"];
  readonly trace?: TraceSink;
}

/** `openProxy(options)`: listens at once. */
export interface Proxy extends AsyncDisposable {
  readonly options: ProxyOptions;

  /** Adds `delayMs` to every round trip: once on the way in, none on the way back. Several add up. */
  latency(delayMs: number): Fault;
  /** Resets existing connections and refuses new ones. */
  cut(): Fault;
  /** Accepts, swallows and never answers. Healing resets what was swallowed from. */
  blackhole(): Fault;
  /** Delivers byte by byte, both ways. */
  slice(): Fault;
  /** Lets nothing pass, either way, until it is disposed. No fault: it is as if everything were a little slower. */
  standStill(): Disposable;

  /**
   * Holds the next message whose text matches, before it is forwarded, and with it what follows on the same
   * connection. `reached` rejects with {@link GateNotReached} after `withinMs` (2,000) and when the gate is
   * released or the proxy closed before.
   */
  holdNext(match: RegExp, options?: { readonly withinMs?: number }): Gate;

  /**
   * Holds the whole reply of the next message whose text matches: the store has acted, and the instance does not know.
   * With it waits what follows on the same connection.
   */
  holdNextReply(match: RegExp, options?: { readonly withinMs?: number }): Gate;

  /** Keeps all replies back until told to deliver them; greetings pass. For gates. */
  holdReplies(): ReplyHold;

  /** Called around every message while set; see {@link MessageHook}. Calls of several connections may overlap. */
  onMessage: MessageHook | undefined;

  /** Totals so far; take two and `countsBetween` them. Handshakes are not in. */
  counts(): ProxyCounts;
  /** Messages that wait for their reply right now. */
  readonly outstanding: number;
  /** Grows with every message and every reply: standing still means that nothing moves. */
  readonly activity: number;
  /** A store-wide gate is about to let go: what has waited for 10 ms or longer is traced with `heldMs`. */
  markHeld(): void;

  /** Uses of the stores' own clocks and the like, each once, in words for the learner. */
  readonly warnings: readonly WireWarning[];

  /** Closes every connection (the instance was killed) and goes on listening. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** Replies that were received and not delivered. */
export interface ReplyHold {
  /** Whether there are any right now. */
  readonly isHolding: boolean;
  /** Delivers what is held; later replies are held again. */
  deliver(): void;
  /** Delivers what is held and holds no more. */
  release(): void;
}

/** Where rows go. The lab makes one per check. */
export interface TraceSink {
  /** Milliseconds since the check began, one decimal. */
  nowMs(): number;
  /** A number that no other pair of rows has. */
  nextSpan(): number;
  write(row: TraceRow): void;
}

/** One side of one message, for the crash sweep. */
export interface WireMessage {
  /** `before`: nothing of it was forwarded. `after`: its whole reply is here, nothing of it delivered. */
  readonly side: "before" | "after";
  readonly instance: string;
  readonly protocol: WireProtocol;
  /** "INCR limit:alice", "EXEC (INCR limit:alice; EXPIRE limit:alice 60)", "UPDATE seats SET …", "POST /charges" */
  readonly text: string;
}

/**
 * Decides over each message: a Redis command (a MULTI block is one, at its EXEC), a Postgres Sync or simple
 * query, an HTTP request. `drop` closes the connection and delivers nothing more of it. May take its time.
 */
export type MessageHook = (
  message: WireMessage,
) => "pass" | "drop" | Promise<"pass" | "drop">;

/** What has crossed one proxy, without handshakes. */
export interface ProxyCounts {
  /** Redis commands (MULTI, what it queues and EXEC each count), Postgres Sync and Query messages, HTTP requests. */
  readonly messages: number;
  /**
   * Messages sent together, before the first reply to any of them, share one. A pipeline beyond the driver's
   * write buffer (16 KB) is sent in several, and counts as such.
   */
  readonly roundTrips: number;
  /** Bytes of whole replies, and of what was pushed. */
  readonly bytesReceived: number;
  /** Redis: by command ("GET": 2). HTTP: by method and path without query. Postgres: by first word ("SELECT"). */
  readonly byName: Readonly<Record<string, number>>;
  /** Postgres: each executed statement as written ("SELECT n FROM stock WHERE id = $1"), on one line. */
  readonly statements: readonly string[];
  /** Connections accepted so far. */
  readonly connections: number;
}

/** Something that a check under a virtual clock cannot honour, or that would not survive review. */
export interface WireWarning {
  /** Stable: "EXPIREAT", "CURRENT_TIMESTAMP". */
  readonly code: string;
  readonly instance: string;
  /** "You used EXPIREAT: Redis compares it with real time, …; use a relative lifetime (PEXPIRE) …" */
  readonly message: string;
}

/**
 * A gate that holds every write of a store while reads pass, and lets everybody move in step: what `proxies`
 * have received is delivered together, once nobody has anything more to send. So all have read before the
 * first of them writes, however their requests came in and on however few connections.
 */
export interface WriteGate extends AsyncDisposable {
  /**
   * Waits until nothing moves but held writers (1 or more), `limitMs` after the first writer at the latest, then
   * lets all of them go. Lets go at once when `operation` ends, since nobody will come any more.
   */
  releaseWhenSettled(operation?: Promise<unknown>): Promise<WriteGateReport>;
  /** Lets go now. */
  release(): Promise<WriteGateReport>;
}

export interface WriteGateReport {
  /** Writers held at the same time, at most. 0 makes the check inconclusive. */
  readonly heldMax: number;
  /** From hold to release. */
  readonly heldMs: number;
}

export interface WriteGateOptions {
  /** Proxies of that store: they hold the replies, and their traces say what was held. */
  readonly proxies?: readonly Proxy[];
  /** Called just before the writers go on, with the most that have waited at a time. */
  readonly onLetGo?: (heldMax: number) => void;
  /** Longest time that a writer is held. Default 300. */
  readonly limitMs?: number;
  /** Longest time without any writer. Default 2,000. */
  readonly idleLimitMs?: number;
  /** Default 10. */
  readonly pollMs?: number;
}

export interface UpstreamOptions {
  /** Unix socket that each instance connects to, by instance name. */
  readonly listenPaths: Readonly<Record<string, string>>;
  /** Folder out of the instances' reach, for the fake's own sockets; short, as it begins a socket path. */
  readonly serverDir: string;
  readonly trace?: TraceSink;
}

/** `openUpstream(name, options)`: a scripted HTTP service behind one proxy per instance. */
export interface Upstream extends FakeUpstream, AsyncDisposable {
  readonly name: string;
  /** For faults, gates, counts and the crash sweep, by instance name. */
  readonly proxies: Readonly<Record<string, Proxy>>;
  close(): Promise<void>;
}

/** The gated message never came; the lab makes the check inconclusive. */
export class GateNotReached extends Error {
  override readonly name = "GateNotReached";
}

/** A store could not be held: the lab makes the check inconclusive. */
export class WriteGateFailed extends Error {
  override readonly name = "WriteGateFailed";
}
