import type { Codec, Exchange, ReplyPart } from "./codec.ts";
import type { GateList } from "./gate_list.ts";
import { KeptBytes } from "./kept_bytes.ts";
import type { Ledger } from "./ledger.ts";
import { openCodec } from "./open_codec.ts";
import { Outlet, type OutletPlace } from "./outlet.ts";
import { RawBytes } from "./raw_bytes.ts";
import type { MessageHook, ProxyOptions, WireMessage } from "./types.ts";

/** What a connection shares with the others of its proxy. */
export interface ConnectionPlace extends OutletPlace {
  readonly options: ProxyOptions;
  readonly gates: GateList;
  readonly ledger: Ledger;
  readonly hook: () => MessageHook | undefined;
  /** Whether replies are kept until a gate delivers them. */
  readonly keepsReplies: () => boolean;
}

/** One accepted connection and its counterpart to the store, until either side is gone. */
export class Connection {
  readonly #client: Deno.Conn;
  readonly #server: Deno.Conn | undefined;
  readonly #place: ConnectionPlace;
  readonly #codec: Codec;
  readonly #asked = new Set<Exchange>();
  readonly #raw: RawBytes | undefined;
  readonly #requests: Outlet | undefined;
  readonly #replies: Outlet;
  readonly #keptRequests = new KeptBytes((bytes) => this.#forward(bytes));
  readonly #keptReplies = new KeptBytes((bytes) => this.#deliver(bytes));
  /** Requests that arrive now share the round trip of those before: no reply came in between. */
  #isTripOpen = false;
  /** The last read ended in the middle of something: what follows was sent together with it. */
  #isMidway = false;
  #isClosed = false;
  /** Of the reply that has begun to come. */
  #replyBytes = 0;
  #hasLost: boolean;

  /** Without a `server` it can only swallow. */
  constructor(
    client: Deno.Conn,
    server: Deno.Conn | undefined,
    place: ConnectionPlace,
  ) {
    this.#client = client;
    this.#server = server;
    this.#place = place;
    const { protocol } = place.options;
    this.#codec = openCodec(protocol);
    if (protocol === "raw") this.#raw = new RawBytes(place.ledger);
    this.#requests = server && new Outlet(server, place, true);
    this.#replies = new Outlet(client, place, false);
    this.#hasLost = server === undefined;
  }

  /** A black hole has swallowed bytes: nothing that follows would make sense. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  /** Replies are here that a gate has yet to deliver. */
  get holdsReplies(): boolean {
    return this.#keptReplies.isHolding;
  }

  async deliverReplies(): Promise<void> {
    try {
      await this.#keptReplies.flush();
    } catch {
      this.close(); // The client is gone.
    }
  }

  /** Resolves when the connection is over; never rejects. */
  async run(): Promise<void> {
    try {
      await Promise.all([this.#pumpRequests(), this.#pumpReplies()]);
    } catch {
      // A side was reset or we closed it: either way the connection ends here.
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const side of [this.#client, this.#server]) {
      try {
        side?.close();
      } catch {
        // That side was closed by its peer, and by Deno on noticing.
      }
    }
    this.#place.ledger.abandoned(this.#asked);
    this.#raw?.closed();
  }

  async #pumpRequests(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const length = await this.#client.read(buffer);
      if (length === null) break;
      this.#raw?.passed("got", length);
      await this.#passRequests(buffer.subarray(0, length));
      this.#isMidway = this.#keptRequests.isHolding || length === READ_BYTES;
    }
    await this.#keptRequests.flush();
    this.#raw?.ended("got");
    if (!this.#requests) return this.close();
    await this.#requests.end();
  }

  async #pumpReplies(): Promise<void> {
    if (!this.#server) return;
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const length = await this.#server.read(buffer);
      if (length === null) break;
      this.#raw?.passed("gave", length);
      await this.#passReplies(buffer.subarray(0, length));
    }
    await this.#keptReplies.flush();
    this.#raw?.ended("gave");
    await this.#replies.end();
  }

  /** Forwards whole messages, each once it is admitted; keeps the beginning of the next. */
  async #passRequests(chunk: Uint8Array): Promise<void> {
    const kept = this.#keptRequests;
    const parts = this.#codec.requests(chunk);
    for (const { exchange } of parts) {
      if (exchange && !exchange.isHandshake) this.#note(exchange);
    }
    let sentTo = 0;
    let readyTo = 0;
    for (const { end, exchange } of parts) {
      const admission = exchange && this.#admission(exchange);
      if (admission) {
        if (readyTo > sentTo) await kept.flush(chunk.subarray(sentTo, readyTo));
        sentTo = readyTo;
        if (!await admission()) return this.close();
      }
      readyTo = end;
    }
    if (readyTo > sentTo) await kept.flush(chunk.subarray(sentTo, readyTo));
    await kept.add(chunk.subarray(readyTo));
  }

  /** Delivers as it comes; while a hook is set, only whole replies, each once it is admitted. */
  async #passReplies(chunk: Uint8Array): Promise<void> {
    const kept = this.#keptReplies;
    // A driver's greeting passes: nobody's decision hangs on it.
    const isKept = this.#place.keepsReplies() && this.#asked.size > 0;
    let sentTo = 0;
    let readyTo = 0;
    for (const part of this.#codec.replies(chunk)) {
      const { completes, end } = part;
      this.#countBytes(part, end - readyTo);
      if (part.isPush) this.#place.ledger.pushed(part.text ?? "");
      if (completes) {
        this.#noteReply(part, completes);
        const gate = completes.isHandshake
          ? undefined
          : this.#place.gates.take(completes.text, "after");
        const hook = this.#hookFor(completes);
        if (gate || hook) {
          if (readyTo > sentTo) {
            await kept.flush(chunk.subarray(sentTo, readyTo));
          }
          sentTo = readyTo;
          await gate?.hold();
          if (hook && !await this.#passes(hook, "after", completes)) {
            return this.close();
          }
        }
        if (part.isDropped) return this.close();
      }
      readyTo = end;
    }
    this.#replyBytes += chunk.length - readyTo;
    if (isKept) return await kept.add(chunk.subarray(sentTo));
    if (readyTo > sentTo) await kept.flush(chunk.subarray(sentTo, readyTo));
    const rest = chunk.subarray(readyTo);
    if (this.#place.hook() && this.#codec.awaitsReply) await kept.add(rest);
    else await kept.flush(rest);
  }

  /** Greetings, which belong to nothing that was asked, are left out. */
  #countBytes({ completes, isPush }: ReplyPart, bytes: number): void {
    if (isPush || completes && !completes.isHandshake) {
      this.#place.ledger.received(this.#replyBytes + bytes);
    }
    this.#replyBytes = 0;
  }

  #noteReply(part: ReplyPart, completes: Exchange): void {
    this.#isTripOpen = false;
    this.#asked.delete(completes);
    this.#place.ledger.answered(part);
  }

  #note(exchange: Exchange): void {
    const { ledger } = this.#place;
    if (!this.#isTripOpen && !this.#isMidway) ledger.roundTripBegan();
    this.#isTripOpen = true;
    this.#isMidway = false;
    this.#asked.add(exchange);
    ledger.asked(exchange);
  }

  /** What an exchange has to wait for before it is forwarded; it resolves to false when it must not be. */
  #admission(exchange: Exchange): (() => Promise<boolean>) | undefined {
    if (exchange.isHandshake) return undefined;
    const gate = this.#place.gates.take(exchange.text, "before");
    const hook = this.#hookFor(exchange);
    if (!gate && !hook) return undefined;
    return async () => {
      if (gate) {
        const fromMs = performance.now();
        await gate.hold();
        this.#place.ledger.held(exchange, performance.now() - fromMs);
      }
      return !hook || await this.#passes(hook, "before", exchange);
    };
  }

  #hookFor(exchange: Exchange): MessageHook | undefined {
    return exchange.isPartial || exchange.isHandshake
      ? undefined
      : this.#place.hook();
  }

  async #passes(
    hook: MessageHook,
    side: WireMessage["side"],
    { text }: Exchange,
  ): Promise<boolean> {
    const { instance, protocol } = this.#place.options;
    return await hook({ side, instance, protocol, text }) === "pass";
  }

  async #forward(bytes: Uint8Array): Promise<void> {
    if (this.#isSwallowed()) return;
    await this.#requests?.send(bytes);
  }

  async #deliver(bytes: Uint8Array): Promise<void> {
    if (this.#isSwallowed()) return;
    await this.#replies.send(bytes);
  }

  #isSwallowed(): boolean {
    if (this.#place.faults.has("blackhole")) {
      this.#place.faults.hit("blackhole");
      this.#hasLost = true;
    }
    return this.#hasLost;
  }
}

/** One read. Larger messages pass in several. */
const READ_BYTES = 65_536;
