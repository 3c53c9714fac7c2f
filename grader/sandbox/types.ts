/** What the sandbox gives to the lab: a process that can host one instance. */
import type { Config } from "@contract/system.ts";
import type { SandboxFloor } from "@contract/report.ts";
import type { ExitReason } from "@contract/verdict.ts";

/** Starts a process ahead of its use: drivers imported, no learner code yet. */
export interface HostOptions {
  readonly floor: SandboxFloor;
  /** Folder with the learner's `system.ts`; seen read-only. */
  readonly submissionDir: string;
  /** The one folder that the process may read and write: its sockets and its clock file. Mounted at the same path. */
  readonly instanceDir: string;
  /** Folder shared by the instances of a run. */
  readonly dataDir: string;
  /**
   * Names of the socket files in `instanceDir` that the instance may listen on or connect to: Deno grants unix
   * sockets by exact path, and only when the process starts. Without {@link REDIS_SOCKET} the host starts without
   * Redis's driver, in little more than half the time. Default {@link DEFAULT_SOCKETS}.
   */
  readonly sockets?: readonly string[];
  readonly limits?: Partial<HostLimits>;
}

export const REDIS_SOCKET = "redis.sock";

/** Socket files of an instance without upstreams. */
export const DEFAULT_SOCKETS: readonly string[] = [
  "http.sock",
  "tcp.sock",
  "postgres.sock",
  REDIS_SOCKET,
  ...["s0", "s1", "s2", "s3", "s4", "s5"].map((shard) => `shard-${shard}.sock`),
  ...["A", "B", "C"].map((instance) => `peer-${instance}.sock`),
];

/** Upper bounds of one process; every one has a default and a file of its own. */
export interface HostLimits {
  readonly heapBytesMax: number;
  readonly dataBytesMax: number;
  readonly processesMax: number;
  /** One file. */
  readonly fileBytesMax: number;
  /** All files in `dataDir`. */
  readonly diskBytesMax: number;
  readonly cpuSecondsMax: number;
  readonly outputBytesMax: number;
  /** From `load` to listening. */
  readonly bootMs: number;
}

/** "Go": which instance this process becomes. All paths lie in `instanceDir`. */
export interface HostInit {
  readonly instance: string;
  readonly config: Config;
  /** Written by `writeClockFile()`: eight bytes, ms since 1970 as a little-endian float64. */
  readonly clockFile: string;
  readonly httpSocket: string;
  readonly tcpSocket: string;
  readonly postgres?: PostgresSocket;
  readonly redisSocket?: string;
  readonly shards: Readonly<Record<string, PostgresSocket>>;
  /** Unix sockets of the other instances' proxies, by instance name. */
  readonly peers: Readonly<Record<string, string>>;
  readonly upstreams: Readonly<Record<string, string>>;
}

export interface PostgresSocket {
  /** The socket file itself. */
  readonly path: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface Host {
  readonly pid: number;
  /** Loads `system.ts` and resolves once it listens, or with the reason why it does not. Call once. */
  load(init: HostInit): Promise<HostLoad>;
  /** SIGKILL to the whole process tree; resolves when it is gone. */
  kill(): Promise<void>;
  signal(name: "SIGTERM" | "SIGSTOP" | "SIGCONT"): void;
  /** Settles exactly once, with the first reason found. */
  readonly exit: Promise<HostExit>;
  /** Calls back for each line that the process prints, both streams; control characters are stripped. */
  onLine(listener: (line: string) => void): void;
  /** Looks for 100 ms whether the process waits for anything but a processor: one in an endless loop does not. */
  isNeverIdle(): Promise<boolean>;
  /** User and system time, and the highest resident size, of the process tree. */
  usage(): Promise<
    {
      readonly cpuMs: number;
      readonly memoryBytes: number;
      readonly peakMemoryBytes: number;
    }
  >;
}

export type HostLoad =
  | { readonly status: "listening" }
  /** `message` is for the learner: file, line and reason, no stack of ours. */
  | { readonly status: "failed"; readonly exit: HostExit };

export interface HostExit {
  readonly reason: ExitReason;
  /** One sentence for the learner: "The code reached for the network (fetch example.com): …". */
  readonly message: string;
}
