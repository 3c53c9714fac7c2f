import type { Gate } from "../faults/types.ts";
import { GateNotReached } from "./types.ts";

/** The gates of one proxy: those that wait for their message, and those that hold it. */
export class GateList {
  readonly #waiting = new Set<HeldMessage>();
  readonly #open = new Set<HeldMessage>();

  holdNext(
    match: RegExp,
    { withinMs, where, side }: GateOptions,
  ): Gate {
    const gate = new HeldMessage(match, { withinMs, where, side }, () => {
      this.#waiting.delete(gate);
      this.#open.delete(gate);
    });
    this.#waiting.add(gate);
    this.#open.add(gate);
    return gate;
  }

  /** The gate that holds this side of a message with this text, taken off the list; undefined when none does. */
  take(text: string, side: GateSide): HeldMessage | undefined {
    for (const gate of this.#waiting) {
      if (gate.side !== side) continue;
      // search(), unlike test(), has no memory in a regular expression with the flag g.
      if (text.search(gate.match) !== -1) {
        this.#waiting.delete(gate);
        return gate;
      }
    }
    return undefined;
  }

  releaseAll(): void {
    for (const gate of [...this.#open]) gate.release();
  }
}

/** Hold the message before it is forwarded, or its whole reply before it is delivered. */
export type GateSide = "before" | "after";

export interface GateOptions {
  readonly withinMs: number;
  /** "from A to redis" */
  readonly where: string;
  readonly side: GateSide;
}

/** One gate: waits for its message, holds it, lets it go. */
export class HeldMessage implements Gate {
  readonly side: GateSide;
  readonly reached: Promise<void>;
  readonly #released = Promise.withResolvers<void>();
  readonly #reached = Promise.withResolvers<void>();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #onRelease: () => void;

  constructor(
    readonly match: RegExp,
    { withinMs, where, side }: GateOptions,
    onRelease: () => void,
  ) {
    this.side = side;
    this.reached = this.#reached.promise;
    // A check that fails before it awaits the gate must not fail twice.
    this.reached.catch(() => {});
    this.#onRelease = onRelease;
    this.#timer = setTimeout(() => {
      this.#reached.reject(
        new GateNotReached(
          `Waited ${withinMs} ms for a message that matches ${match} ${where}; none came`,
        ),
      );
    }, withinMs);
  }

  /** Called with the message at hand; resolves on release. */
  hold(): Promise<void> {
    clearTimeout(this.#timer);
    this.#reached.resolve();
    return this.#released.promise;
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#onRelease();
    this.#reached.reject(
      new GateNotReached(
        `The gate for ${this.match} was released before a message came`,
      ),
    );
    this.#released.resolve();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
