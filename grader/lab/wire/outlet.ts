import { after } from "./after.ts";
import type { FaultSet } from "./fault_set.ts";
import type { Standstill } from "./standstill.ts";

/** What an outlet has in common with the others of its proxy. */
export interface OutletPlace {
  readonly faults: FaultSet;
  readonly standstill: Standstill;
}

/** One direction's way out: writes in order, late or in slices while a fault says so. */
export class Outlet {
  readonly #connection: Deno.Conn;
  readonly #faults: FaultSet;
  readonly #standstill: Standstill;
  readonly #isDelayed: boolean;
  #queue: Promise<void> = Promise.resolve();
  #queuedBytes = 0;

  /** Only the way in is delayed: a round trip has the latency once. */
  constructor(
    connection: Deno.Conn,
    { faults, standstill }: OutletPlace,
    isDelayed: boolean,
  ) {
    this.#connection = connection;
    this.#faults = faults;
    this.#standstill = standstill;
    this.#isDelayed = isDelayed;
  }

  /**
   * Resolves when `bytes` may be overwritten and more may come. Late bytes are queued: those behind them are
   * late by the same, not by the sum.
   */
  async send(bytes: Uint8Array): Promise<void> {
    const delayMs = this.#isDelayed ? this.#faults.delayMs : 0;
    if (delayMs === 0 && this.#queuedBytes === 0) {
      await this.#write(bytes);
      return;
    }
    this.#faults.hit("latency");
    const late = bytes.slice();
    const due = after(delayMs);
    this.#queuedBytes += late.length;
    this.#queue = this.#queue.then(async () => {
      await due;
      await this.#write(late);
      this.#queuedBytes -= late.length;
    });
    // The pump notices the failure at its next write or read.
    this.#queue.catch(() => {});
    if (this.#queuedBytes > QUEUED_BYTES_MAX) await this.#queue;
  }

  /** Passes the end of the stream on, behind everything sent. */
  async end(): Promise<void> {
    await this.#queue;
    await this.#connection.closeWrite();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#standstill.over();
    let rest = bytes;
    if (this.#faults.has("slice")) {
      this.#faults.hit("slice");
      const sliced = rest.subarray(0, SLICED_BYTES_MAX);
      for (let at = 0; at < sliced.length; at++) {
        await this.#connection.write(sliced.subarray(at, at + 1));
      }
      rest = rest.subarray(sliced.length);
    }
    while (rest.length > 0) {
      rest = rest.subarray(await this.#connection.write(rest));
    }
  }
}

/** Behind this the sender has to wait, as with a full socket. */
const QUEUED_BYTES_MAX = 8 * 1024 * 1024;
/** Of each piece: enough to cut every frame, without a minute for a megabyte. */
const SLICED_BYTES_MAX = 4_096;
