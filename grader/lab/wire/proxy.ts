import type { Fault, Gate } from "../faults/types.ts";
import { Connection, type ConnectionPlace } from "./connection.ts";
import { FaultSet } from "./fault_set.ts";
import { GateList, type GateSide } from "./gate_list.ts";
import { Ledger } from "./ledger.ts";
import { SocketDoor } from "./socket_door.ts";
import { Standstill } from "./standstill.ts";
import type {
  MessageHook,
  Proxy,
  ProxyCounts,
  ProxyOptions,
  ReplyHold,
  WireWarning,
} from "./types.ts";

/** Listens on a unix socket for one instance and passes its messages on: counted, traced, and disturbed on demand. */
export function openProxy(options: ProxyOptions): Proxy {
  return new SocketProxy(options);
}

class SocketProxy implements Proxy {
  onMessage: MessageHook | undefined;
  readonly #place: ConnectionPlace;
  readonly #ledger: Ledger;
  readonly #faults = new FaultSet(() => this.#faultsChanged());
  readonly #standstill = new Standstill();
  readonly #gates = new GateList();
  readonly #connections = new Set<Connection>();
  readonly #running = new Set<Promise<void>>();
  readonly #door: SocketDoor;
  #replyHolds = 0;
  #isClosed = false;

  constructor(readonly options: ProxyOptions) {
    this.#ledger = new Ledger(options);
    this.#place = {
      options,
      faults: this.#faults,
      standstill: this.#standstill,
      gates: this.#gates,
      ledger: this.#ledger,
      hook: () => this.onMessage,
      keepsReplies: () => this.#replyHolds > 0,
    };
    this.#door = new SocketDoor(options.listenPath);
    this.#track(this.#accept());
  }

  latency(delayMs: number): Fault {
    return this.#faults.begin("latency", delayMs);
  }

  cut(): Fault {
    const fault = this.#faults.begin("cut");
    for (let n = 0; n < this.#connections.size; n++) this.#faults.hit("cut");
    this.dropConnections();
    return fault;
  }

  blackhole(): Fault {
    return this.#faults.begin("blackhole");
  }

  slice(): Fault {
    return this.#faults.begin("slice");
  }

  standStill(): Disposable {
    return this.#standstill.begin();
  }

  holdNext(match: RegExp, options?: { readonly withinMs?: number }): Gate {
    return this.#hold("before", match, options);
  }

  holdNextReply(match: RegExp, options?: { readonly withinMs?: number }): Gate {
    return this.#hold("after", match, options);
  }

  #hold(
    side: GateSide,
    match: RegExp,
    { withinMs = GATE_WITHIN_MS }: { readonly withinMs?: number } = {},
  ): Gate {
    const { instance, name, protocol } = this.options;
    const where = `from ${instance} to ${name ?? protocol}`;
    return this.#gates.holdNext(match, { withinMs, where, side });
  }

  holdReplies(): ReplyHold {
    this.#replyHolds += 1;
    let isReleased = false;
    const connections = this.#connections;
    const deliver = () => {
      for (const connection of connections) connection.deliverReplies();
    };
    return {
      get isHolding() {
        return connections.values().some(({ holdsReplies }) => holdsReplies);
      },
      deliver,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#replyHolds -= 1;
        deliver();
      },
    };
  }

  counts(): ProxyCounts {
    return this.#ledger.counts();
  }

  get outstanding(): number {
    return this.#ledger.outstanding;
  }

  get activity(): number {
    return this.#ledger.activity;
  }

  markHeld(): void {
    this.#ledger.markHeld();
  }

  get warnings(): readonly WireWarning[] {
    return this.#ledger.warnings;
  }

  dropConnections(): void {
    for (const connection of this.#connections) connection.close();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#faults.healAll();
    this.#isClosed = true;
    this.#door.close();
    this.dropConnections();
    this.#gates.releaseAll();
    await Promise.all(this.#running);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #faultsChanged(): void {
    if (this.#isClosed) return;
    if (!this.#faults.has("blackhole")) {
      for (const connection of this.#connections) {
        if (connection.hasLost) connection.close();
      }
    }
    if (this.#mustRefuse) this.#door.shut();
    else this.#door.open();
  }

  /**
   * A store that is away refuses: the drivers answer "connection refused" at once, but retry in silence when a
   * connection is accepted and closed. A fetch fails on both, and only what is accepted can be counted.
   */
  get #mustRefuse(): boolean {
    const { protocol } = this.options;
    return this.#faults.has("cut") &&
      (protocol === "redis" || protocol === "postgres");
  }

  async #accept(): Promise<void> {
    for await (const client of this.#door.visitors) {
      this.#ledger.connected();
      if (this.#faults.has("cut")) {
        this.#faults.hit("cut");
        client.close();
      } else {
        this.#track(this.#serve(client));
      }
    }
  }

  async #serve(client: Deno.Conn): Promise<void> {
    const isSwallowed = this.#faults.has("blackhole");
    if (isSwallowed) this.#faults.hit("blackhole");
    const server = isSwallowed ? undefined : await this.#dial();
    if (!server && !isSwallowed) return client.close();
    const connection = new Connection(client, server, this.#place);
    this.#connections.add(connection);
    const isTooLate = this.#isClosed || this.#faults.has("cut");
    if (isTooLate) connection.close();
    await connection.run();
    this.#connections.delete(connection);
  }

  async #dial(): Promise<Deno.Conn | undefined> {
    try {
      const path = this.options.targetPath;
      return await Deno.connect({ transport: "unix", path });
    } catch {
      // The store or peer itself is away: the instance sees its connection closed.
      return undefined;
    }
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    work.finally(() => this.#running.delete(work));
  }
}

const GATE_WITHIN_MS = 2_000;
