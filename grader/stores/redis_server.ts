import { join } from "node:path";
import { makePrivateFolder, writePrivateFile } from "./account.ts";
import { type OwnedProcess, startOwnedProcess } from "./owned_process.ts";
import { randomSecret } from "./secret.ts";
import { checkSocketPath } from "./socket_path.ts";
import type { StoresAddress } from "./types.ts";

const START_MS_MAX = 5_000;
const DATA_BYTES_MAX = 128 * 1024 * 1024;
/** Lua's memory is not part of maxmemory: one script could take the machine's. */
const ADDRESS_BYTES_MAX = 512 * 1024 * 1024;

/** The lab's own account on each Redis. */
export const REDIS_ADMIN = "lab";

/** One check's own Redis: unix socket only, nothing on disk. */
export interface RedisServer extends AsyncDisposable {
  readonly socketPath: string;
  readonly pid: number;
  /**
   * For the lab's own connection; may do everything. A connection that does not authenticate is the learner's:
   * everything but administration.
   */
  readonly admin: { readonly username: string; readonly password: string };
  /** SIGSTOP: accepts connections, answers nothing. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Kills it and starts an empty one on the same socket. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Redis in `dir`/redis. `runDir` is the run folder that also ends it. */
export async function startRedisServer(
  redis: StoresAddress["redis"],
  { dir, runDir }: { readonly dir: string; readonly runDir: string },
): Promise<RedisServer> {
  const folder = join(dir, "redis");
  const socketPath = join(folder, "socket");
  checkSocketPath(socketPath);
  await makePrivateFolder(folder);
  const admin = { username: REDIS_ADMIN, password: randomSecret() };
  const configFile = join(folder, "redis.conf");
  await writePrivateFile(
    configFile,
    config({ folder, version: redis.version, password: admin.password }),
  );
  const launch = () => launchRedis(redis, { folder, socketPath, runDir });

  let server = await launch();
  const stop = () => server.stop("SIGKILL");
  return {
    socketPath,
    get pid() {
      return server.pid;
    },
    admin,
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    async restart() {
      await stop();
      server = await launch();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * The learner's connection needs no password and may use all data commands, Lua and pub/sub. KEYS, SORT and INFO
 * are let through although Redis calls them dangerous: in a Redis of one's own they harm nobody, and the lab
 * counts them. One database, since the clock warps only that one.
 */
function config({ folder, version, password }: ConfigOptions): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const hasChannelRights = major > 6 || (major === 6 && minor >= 2);
  const everything = `~* ${hasChannelRights ? "&* " : ""}+@all`;
  return `
port 0
unixsocket ${folder}/socket
unixsocketperm 700
dir ${folder}
loglevel warning
save ""
appendonly no
databases 1
maxmemory ${DATA_BYTES_MAX}
maxmemory-policy noeviction
maxclients 200
user default on nopass ${everything} -@admin -@dangerous +keys +sort +info
user ${REDIS_ADMIN} on >${password} ${everything}
`;
}

interface ConfigOptions {
  readonly folder: string;
  readonly version: string;
  readonly password: string;
}

interface Launch {
  readonly folder: string;
  readonly socketPath: string;
  readonly runDir: string;
}

async function launchRedis(
  { binary, libraryPath }: StoresAddress["redis"],
  { folder, socketPath, runDir }: Launch,
): Promise<OwnedProcess> {
  // A killed server leaves its socket, which would look like the new one's.
  await Deno.remove(socketPath).catch(() => {});
  const server = await startOwnedProcess({
    command: [binary, join(folder, "redis.conf")],
    env: libraryPath === "" ? {} : { LD_LIBRARY_PATH: libraryPath },
    runDir,
    logFile: join(folder, "log"),
    stopSignal: "SIGKILL",
    addressBytesMax: ADDRESS_BYTES_MAX,
  });
  try {
    await accepting(server, { folder, socketPath });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function accepting(
  server: OwnedProcess,
  { folder, socketPath }: Pick<Launch, "folder" | "socketPath">,
): Promise<void> {
  const deadline = performance.now() + START_MS_MAX;
  while (!await connects(socketPath)) {
    if (!server.isRunning || performance.now() > deadline) {
      const log = await Deno.readTextFile(join(folder, "log")).catch(() => "");
      throw new Error(
        `Redis did not start in ${folder}: ${log.trim().slice(-500)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function connects(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch {
    return false; // Not there yet.
  }
}
