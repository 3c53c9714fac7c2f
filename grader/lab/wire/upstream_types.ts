/**
 * What is really outside the system, as a script.
 *
 * @module
 */

/** A scripted fake, for what is really outside the system. */
export interface FakeUpstream {
  /**
   * Reactions for the next calls, in order; afterwards `otherwise` (default `{ status: 200 }`), which may depend on
   * the call: a provider that knows its idempotency keys, a backend that echoes.
   */
  script(
    reactions: readonly Reaction[],
    otherwise?: Reaction | ((call: UpstreamCall) => Reaction),
  ): void;
  /** Calls received so far. */
  readonly calls: readonly UpstreamCall[];
  /** Every call from its head on, with what of its body has come: also those that are still being sent. */
  readonly arrivals: readonly UpstreamArrival[];
  /** From now on connections are byte streams (layer 4): `handler` owns each until it resolves. */
  acceptTcp(handler: (connection: Deno.Conn) => void | Promise<void>): void;
  /** Calls that wait in a `hold` right now. */
  readonly held: number;
  /** Lets the oldest `count` held calls go (all by default). */
  release(count?: number): void;
}

export type Reaction =
  /** Answers. `body` is sent as JSON unless it is a string. */
  | {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** Answers only after `release`. */
    readonly hold?: boolean;
    /** In place of `body`: the first piece comes with the head, each other one after a `release`. */
    readonly pieces?: readonly string[];
  }
  /** Upgrades to a WebSocket and hands it over, already open. */
  | { readonly webSocket: (socket: WebSocket) => void }
  /** Accepts and records the call, then drops the connection: applied, but the caller cannot know. */
  | { readonly drop: true };

export interface UpstreamCall {
  readonly instance: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A call as far as it has come. */
export interface UpstreamArrival {
  readonly instance: string;
  readonly method: string;
  readonly path: string;
  /** Of the body, as text. */
  readonly received: string;
  readonly state: "coming" | "whole" | "broken";
}
