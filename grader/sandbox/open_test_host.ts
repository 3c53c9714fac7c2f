/** For this room's tests: one host with folders of its own, and what came of a program that it ran. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "@contract/system.ts";
import type { SandboxFloor } from "@contract/report.ts";
import { copyReadable } from "./copy_readable.ts";
import { writeClockFile } from "./clock_file.ts";
import { removeFolder } from "../stores/mod.ts";
import { startHost } from "./start_host.ts";
import type { Host, HostInit, HostLimits, HostLoad } from "./types.ts";

const TESTDATA = fileURLToPath(new URL("testdata", import.meta.url));
/** 2023-11-14T22:13:20Z */
export const CLOCK_MS = 1_700_000_000_000;

export interface TestHostOptions {
  readonly floor?: SandboxFloor;
  readonly limits?: Partial<HostLimits>;
  readonly config?: Config;
  readonly sockets?: readonly string[];
}

export interface TestHost extends AsyncDisposable {
  readonly host: Host;
  readonly submissionDir: string;
  readonly instanceDir: string;
  readonly dataDir: string;
  readonly lines: readonly string[];
  init(overrides?: Partial<HostInit>): HostInit;
  load(overrides?: Partial<HostInit>): Promise<HostLoad>;
  /** Status and body; the error's name when no response came within 10 s. */
  get(path: string): Promise<string>;
}

/** Starts a host for the folder `testdata/<program>`, or for any folder by its full path. */
export async function openTestHost(
  program: string,
  { floor = "local", limits, config = {}, sockets }: TestHostOptions = {},
): Promise<TestHost> {
  const folder = await Deno.makeTempDir({ prefix: "trestle-sandbox-" });
  await Deno.chmod(folder, 0o711);
  const instanceDir = join(folder, "A");
  const dataDir = join(folder, "data");
  await Deno.mkdir(instanceDir);
  await Deno.mkdir(dataDir);
  const clockFile = join(instanceDir, "clock");
  writeClockFile(clockFile, CLOCK_MS);
  const submissionDir = program.startsWith("/")
    ? program
    : await copyProgram(program, folder);
  const host = startHost({
    floor,
    submissionDir,
    instanceDir,
    dataDir,
    sockets,
    limits,
  });
  const lines: string[] = [];
  host.onLine((line) => lines.push(line));
  const httpSocket = join(instanceDir, "http.sock");
  const init = (overrides: Partial<HostInit> = {}): HostInit => ({
    instance: "A",
    config,
    clockFile,
    httpSocket,
    tcpSocket: join(instanceDir, "tcp.sock"),
    shards: {},
    peers: {},
    upstreams: {},
    ...overrides,
  });
  return {
    host,
    submissionDir,
    instanceDir,
    dataDir,
    lines,
    init,
    load: (overrides) => host.load(init(overrides)),
    get: (path) => getOverSocket(httpSocket, path),
    async [Symbol.asyncDispose]() {
      await host.kill();
      await removeFolder(folder);
    },
  };
}

/** Root's project may lie where the class sandbox cannot enter. */
async function copyProgram(program: string, folder: string): Promise<string> {
  const copy = join(folder, "submission");
  await copyReadable(join(TESTDATA, program), copy);
  return copy;
}

async function getOverSocket(socket: string, path: string): Promise<string> {
  using client = Deno.createHttpClient({
    proxy: { transport: "unix", path: socket },
  });
  try {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(`http://test${path}`, { client, signal });
    return `${answer.status} ${await answer.text()}`;
  } catch (error) {
    return (error as Error).name;
  }
}
