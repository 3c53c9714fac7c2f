import { redisWarnings } from "./clock_warnings.ts";
import type { Codec, Exchange, ReplyPart, RequestPart } from "./codec.ts";
import {
  COMMAND_CAPTURE_BYTES,
  CommandReader,
  commandText,
  REPLY_CAPTURE_BYTES,
  ReplyReader,
} from "./redis_text.ts";
import { RespScanner } from "./resp_scanner.ts";
import { EXCHANGE_CHARACTERS_MAX, shortText } from "./short_text.ts";

/**
 * Reads a Redis connection. Replies come in the order of the commands, save what is pushed: published
 * messages, and the confirmations of (un)subscribing, which may be many for one command.
 */
export class RedisCodec implements Codec {
  readonly #command = new CommandReader();
  readonly #commands = new RespScanner(this.#command, COMMAND_CAPTURE_BYTES);
  readonly #reply = new ReplyReader();
  readonly #replies = new RespScanner(this.#reply, REPLY_CAPTURE_BYTES);
  readonly #waiting: Exchange[] = [];
  #isGreeting = true;
  #isSubscribed = false;
  /** Texts of what a MULTI has queued; undefined outside of one. */
  #queued: string[] | undefined;

  get awaitsReply(): boolean {
    return this.#waiting.length > 0;
  }

  requests(chunk: Uint8Array): RequestPart[] {
    const parts: RequestPart[] = [];
    let end = this.#commands.next(chunk, 0);
    while (end !== -1) {
      const exchange = this.#exchange(this.#command.take());
      this.#waiting.push(exchange);
      parts.push({ end, exchange });
      end = this.#commands.next(chunk, end);
    }
    return parts;
  }

  replies(chunk: Uint8Array): ReplyPart[] {
    const parts: ReplyPart[] = [];
    let end = this.#replies.next(chunk, 0);
    while (end !== -1) {
      parts.push(this.#replyPart(end));
      end = this.#replies.next(chunk, end);
    }
    return parts;
  }

  #exchange(args: readonly string[]): Exchange {
    const name = args[0]?.toUpperCase() ?? "";
    const text = commandText(args);
    this.#isGreeting &&= GREETINGS.has(name);
    if (this.#isGreeting) return { name, text, isHandshake: true };
    if (name.endsWith("SUBSCRIBE")) this.#isSubscribed = true;
    if (name === "RESET") this.#isSubscribed = false;
    const warnings = redisWarnings(args);
    if (this.#queued === undefined) {
      if (name === "MULTI") this.#queued = [];
      return { name, text, warnings, isPartial: name === "MULTI" };
    }
    if (!ENDS_OF_MULTI.has(name)) {
      this.#queued.push(text);
      return { name, text, warnings, isPartial: true };
    }
    const block = `${name} (${this.#queued.join("; ")})`;
    this.#queued = undefined;
    return { name, text: shortText(block, EXCHANGE_CHARACTERS_MAX), warnings };
  }

  #replyPart(end: number): ReplyPart {
    const { text, topType, words } = this.#reply.take();
    const event = words[0] ?? "";
    const isPush = topType === ">" ||
      (this.#isSubscribed && topType === "*" && EVENTS.has(event));
    if (!isPush) return { end, text, completes: this.#waiting.shift() };
    const isConfirmation = event.endsWith("subscribe") &&
      this.#waiting[0]?.name === event.toUpperCase();
    if (isConfirmation) return { end, text, completes: this.#waiting.shift() };
    // Further confirmations of one SUBSCRIBE say nothing new.
    return event.endsWith("message") ? { end, text, isPush: true } : { end };
  }
}

const GREETINGS = new Set(["HELLO", "AUTH", "SELECT", "CLIENT", "READONLY"]);
const ENDS_OF_MULTI = new Set(["EXEC", "DISCARD", "RESET"]);
const EVENTS = new Set([
  "message",
  "pmessage",
  "smessage",
  "subscribe",
  "psubscribe",
  "ssubscribe",
  "unsubscribe",
  "punsubscribe",
  "sunsubscribe",
]);
