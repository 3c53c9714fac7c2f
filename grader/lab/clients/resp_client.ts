import { throwIfScopeEnded } from "../expect/call_scope.ts";
import { CheckFailure } from "../expect/check_failure.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { RespReader } from "./resp_reader.ts";
import {
  commandText,
  encodeCommand,
  replyText,
  replyToBuild,
} from "./resp_text.ts";
import type {
  RespClient,
  RespCommand,
  RespReply,
  SendOptions,
} from "./resp_types.ts";

export interface RespClientOptions {
  readonly instance: string;
  readonly evidence: Evidence;
}

/** Commands of a pipeline that its row in the evidence names. */
const SHOWN_COMMANDS_MAX = 3;

/** Speaks RESP2 over a connection, and writes what it sends and gets into the evidence. */
export function openRespClient(
  connection: Deno.Conn,
  options: RespClientOptions,
): RespClient {
  return new ConnectedClient(connection, options);
}

class ConnectedClient implements RespClient {
  readonly #connection: Deno.Conn;
  readonly #options: RespClientOptions;
  readonly #reader: RespReader;
  /** Sent and not yet answered, the oldest first. */
  readonly #open: {
    readonly text: string;
    readonly span: number;
    left: number;
  }[] = [];
  /** Replies are read one after the other, in the order in which they were asked for. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(connection: Deno.Conn, options: RespClientOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#reader = new RespReader(connection);
  }

  async command(...words: RespCommand): Promise<RespReply> {
    const [reply] = await this.pipeline([words]);
    return reply!;
  }

  async pipeline(commands: readonly RespCommand[]): Promise<RespReply[]> {
    // Written while replies are read: a system may answer the first before it has read the last.
    const [, ...replies] = await Promise.all([
      this.send(commands),
      ...commands.map(() => this.reply()),
    ]);
    return replies;
  }

  async send(
    commands: readonly RespCommand[],
    options?: SendOptions,
  ): Promise<void> {
    const text = pipelineText(commands);
    this.#sent(text, commands.length);
    const parts = commands.flatMap(encodeCommand);
    await this.#write(joined(parts), options);
  }

  async sendBytes(bytes: Uint8Array, options?: SendOptions): Promise<void> {
    this.#sent(`${bytes.length} bytes`, 1);
    await this.#write(bytes, options);
  }

  reply(): Promise<RespReply> {
    throwIfScopeEnded();
    const reading = this.#reading.then(() => this.#nextReply());
    this.#reading = reading.catch(() => {});
    return reading;
  }

  async closeWrite(): Promise<void> {
    throwIfScopeEnded();
    this.#note("closes its sending side");
    await this.#connection.closeWrite();
  }

  async ended(): Promise<void> {
    throwIfScopeEnded();
    await this.#reading;
    const rest = await this.#reader.toEnd();
    if (rest.length === 0) return this.#note("connection ended");
    throw new CheckFailure({
      rule: "Each command gets one reply and no more",
      expected: "the end of the connection",
      received: `${rest.length} bytes more`,
    });
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // The other end, or the lab, has closed it.
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #nextReply(): Promise<RespReply> {
    const { instance, evidence } = this.#options;
    const open = this.#open[0];
    try {
      const reply = await this.#reader.reply(
        `a reply to ${open?.text ?? "a command"}`,
      );
      if (open !== undefined) this.#replied(open, reply);
      return reply;
    } catch (error) {
      const text = `no reply: ${(error as CheckFailure).details?.received}`;
      this.#open.shift();
      evidence.replied(open?.span ?? 0, { instance, text, isLost: true });
      throw error;
    }
  }

  /** The evidence has one row for all replies of a pipeline. */
  #replied(open: { span: number; left: number }, reply: RespReply): void {
    const { instance, evidence } = this.#options;
    const toBuild = replyToBuild(reply);
    if (--open.left > 0 && toBuild === undefined) return;
    this.#open.shift();
    const text = replyText(reply);
    evidence.replied(open.span, { instance, text, toBuild });
  }

  #sent(call: string, replies: number): void {
    throwIfScopeEnded();
    const { instance, evidence } = this.#options;
    const span = evidence.requestSent({ call, instance, headers: {} });
    this.#open.push({ text: call, span, left: replies });
  }

  #note(text: string): void {
    const { instance, evidence } = this.#options;
    evidence.note("request", text, instance);
  }

  async #write(
    bytes: Uint8Array,
    { sliceBytes = bytes.length, between }: SendOptions = {},
  ): Promise<void> {
    using _alike = this.#options.evidence.polling();
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      if (at > 0) await between?.();
      await this.#writeAll(bytes.subarray(at, at + sliceBytes));
    }
  }

  /** A system that closes early shows in the replies that are missing. */
  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.#connection.write(bytes.subarray(at));
      }
    } catch (error) {
      this.#note(`could not be sent in full: ${(error as Error).message}`);
    }
  }
}

function pipelineText(commands: readonly RespCommand[]): string {
  if (commands.length === 1) return commandText(commands[0]!);
  const shown = commands.slice(0, SHOWN_COMMANDS_MAX).map(commandText);
  const more = commands.length > SHOWN_COMMANDS_MAX ? "; …" : "";
  return `${commands.length} commands: ${shown.join("; ")}${more}`;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
