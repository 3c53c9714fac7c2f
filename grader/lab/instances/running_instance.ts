import { join } from "node:path";
import type { Config } from "@contract/system.ts";
import type { Host, HostExit } from "../../sandbox/mod.ts";
import { throwIfScopeEnded } from "../expect/call_scope.ts";
import { CheckFailure } from "../expect/check_failure.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { readableLine } from "./host_lines.ts";
import type { InstanceWires } from "./instance_wires.ts";
import { LearnerExit } from "./learner_exit.ts";
import { openRequest } from "../clients/open_request.ts";
import { SocketRequester } from "../clients/requester.ts";
import { openRespClient } from "../clients/resp_client.ts";
import type { RespClient } from "../clients/resp_types.ts";
import type { OpenRequest } from "../clients/types.ts";
import type { Instance } from "../types.ts";
import { untilStill } from "../wire/until_still.ts";

const STOP_MS_MAX = 2_000;

export interface RunningInstanceOptions {
  readonly name: string;
  /** Folder with its sockets and its clock. */
  readonly dir: string;
  readonly config: Config;
  readonly wires: InstanceWires;
  readonly evidence: Evidence;
  /** Starts a process that waits for its code. */
  readonly startHost: () => Host;
  /** Told when a process ends that nobody ended. */
  readonly onExit: (exit: LearnerExit) => void;
}

/** One instance: a process behind sockets, replaced by another when it is restarted. */
export class RunningInstance extends SocketRequester
  implements Instance, AsyncDisposable {
  readonly name: string;
  readonly wires: InstanceWires;
  readonly clockFile: string;
  readonly #options: RunningInstanceOptions;
  readonly #hosts = new Set<Host>();
  readonly #opened = new Set<{ close(): void }>();
  #host: Host | undefined;
  readonly #spares: Host[] = [];
  #isFrozen = false;

  constructor(options: RunningInstanceOptions) {
    const { name, dir, evidence } = options;
    const socketPath = join(dir, "http.sock");
    super({ instance: name, socketPath, evidence });
    this.name = name;
    this.wires = options.wires;
    this.clockFile = join(dir, "clock");
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#host !== undefined;
  }

  /** Starts processes ahead, so that the next boots only have to load the code. */
  prepare(count = 1): void {
    while (this.#spares.length < count) {
      const spare = this.#options.startHost();
      this.#spares.push(spare);
      this.#hosts.add(spare);
    }
  }

  /** Throws a {@link LearnerExit} when the code does not come to listen. */
  async boot({ isFirst }: { readonly isFirst: boolean }): Promise<void> {
    this.prepare();
    const host = this.#spares.shift()!;
    const { name, dir, config, wires, evidence } = this.#options;
    host.onLine((line) => evidence.printed(name, readableLine(line)));
    const load = await host.load({
      instance: name,
      config,
      clockFile: this.clockFile,
      httpSocket: join(dir, "http.sock"),
      tcpSocket: join(dir, "tcp.sock"),
      ...wires.sockets,
    });
    if (load.status === "failed") throw new LearnerExit(load.exit, isFirst);
    this.reset();
    this.#host = host;
    this.#isFrozen = false;
    evidence.note("process", isFirst ? "ready" : "restarted", name);
    host.exit.then((exit) => this.#exited(host, exit));
  }

  async kill(): Promise<void> {
    throwIfScopeEnded();
    const host = this.#leave("killed");
    await host?.kill();
    this.#prepareRestart();
  }

  async stop(): Promise<void> {
    throwIfScopeEnded();
    const host = this.#leave("asked to stop");
    if (host === undefined) return;
    if (this.#isFrozen) host.signal("SIGCONT");
    host.signal("SIGTERM");
    const timer = setTimeout(() => host.kill(), STOP_MS_MAX);
    await host.exit;
    clearTimeout(timer);
    this.#options.evidence.note("process", "stopped", this.name);
    this.#prepareRestart();
  }

  async restart(): Promise<void> {
    throwIfScopeEnded();
    if (this.isRunning) await this.kill();
    await this.boot({ isFirst: false });
    throwIfScopeEnded();
  }

  async freeze(): Promise<void> {
    this.#isFrozen = true;
    this.#host?.signal("SIGSTOP");
    this.#options.evidence.note("process", "frozen", this.name);
    await untilStill(this.wires.stores);
  }

  resume(): void {
    this.#isFrozen = false;
    this.#host?.signal("SIGCONT");
    this.#options.evidence.note("process", "resumed", this.name);
  }

  async open(
    method: string,
    path: string,
    { headers = {}, hasBody = true }: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly hasBody?: boolean;
    } = {},
  ): Promise<OpenRequest> {
    throwIfScopeEnded();
    const socketPath = join(this.#options.dir, "http.sock");
    const { evidence } = this.#options;
    evidence.note("request", `${method} ${path}, in pieces`, this.name);
    const request = await openRequest({
      ...{ socketPath, method, path, headers, hasBody },
    });
    this.#opened.add(request);
    return request;
  }

  connect(): Promise<Deno.Conn> {
    this.#options.evidence.note("request", "a TCP connection", this.name);
    return this.#connect();
  }

  async #connect(): Promise<Deno.Conn> {
    throwIfScopeEnded();
    const path = join(this.#options.dir, "tcp.sock");
    try {
      const connection = await Deno.connect({ transport: "unix", path });
      this.#opened.add(connection);
      return connection;
    } catch (cause) {
      throw new CheckFailure({
        expected: `${this.name} accepts a TCP connection`,
        received: `${(cause as Error).message}; does your system have tcp()?`,
      }, { cause });
    }
  }

  async resp(): Promise<RespClient> {
    const { name, evidence } = this.#options;
    const connection = await this.#connect();
    return openRespClient(connection, { instance: name, evidence });
  }

  webSocket(
    path: string,
    options: {
      readonly protocols?: readonly string[];
      readonly through?: "fetch" | "tcp";
    } = {},
  ): Promise<WebSocket> {
    throwIfScopeEnded();
    const { protocols = [], through = "fetch" } = options;
    const door = through === "tcp" ? "tcp.sock" : "http.sock";
    const client = Deno.createHttpClient({
      proxy: { transport: "unix", path: join(this.#options.dir, door) },
    });
    this.#opened.add(client);
    // The DOM's types know neither options nor unix sockets.
    const socket = new WebSocket(
      `ws://localhost${path}`,
      { protocols, client } as never,
    );
    this.#opened.add(socket);
    const { evidence } = this.#options;
    evidence.note("request", `WebSocket ${path}`, this.name);
    return new Promise((resolve, reject) => {
      socket.addEventListener("open", () => resolve(socket), { once: true });
      socket.addEventListener("error", (event) => {
        const reason = (event as ErrorEvent).message ?? "it was refused";
        reject(
          new CheckFailure({
            expected: `${this.name} opens a WebSocket at ${path}`,
            received: reason,
          }),
        );
      }, { once: true });
    });
  }

  async isNeverIdle(): Promise<boolean> {
    return await this.#host?.isNeverIdle() ?? false;
  }

  async memoryBytes(): Promise<number> {
    return (await this.#host?.usage())?.memoryBytes ?? 0;
  }

  /** Of all its processes in this check: time added up, memory at its highest. */
  async usage(): Promise<{ cpuMs: number; peakMemoryBytes: number }> {
    const all = await Promise.all([...this.#hosts].map((host) => host.usage()));
    return {
      cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      peakMemoryBytes: Math.max(
        0,
        ...all.map(({ peakMemoryBytes }) => peakMemoryBytes),
      ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#host = undefined;
    for (const opened of this.#opened) closeQuietly(opened);
    await Promise.all([...this.#hosts].map((host) => host.kill()));
    this[Symbol.dispose]();
  }

  /** From here on its end is no surprise. */
  #leave(why: string): Host | undefined {
    const host = this.#host;
    this.#host = undefined;
    this.reset();
    if (host) this.#options.evidence.note("process", why, this.name);
    return host;
  }

  /** Whoever kills an instance is about to restart it, and a process takes its time to start. */
  #prepareRestart(): void {
    for (const proxy of this.wires.all) proxy.dropConnections();
    this.prepare();
  }

  #exited(host: Host, exit: HostExit): void {
    if (this.#host !== host) return;
    this.#host = undefined;
    this.reset();
    this.#options.evidence.note("process", exit.message, this.name);
    this.#options.onExit(new LearnerExit(exit, false));
  }
}

function closeQuietly(closable: { close(): void }): void {
  try {
    closable.close();
  } catch {
    // The check or the other end has closed it.
  }
}
