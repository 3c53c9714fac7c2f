import { sqlWarnings } from "./clock_warnings.ts";
import type { Codec, Exchange, ReplyPart, RequestPart } from "./codec.ts";
import { BodyReader, type Frame, PostgresFrames } from "./postgres_frames.ts";
import { EXCHANGE_CHARACTERS_MAX, shortText } from "./short_text.ts";
import {
  boundValues,
  errorText,
  filledSql,
  firstWord,
  notificationText,
  rowText,
  squeezedSql,
} from "./sql_text.ts";

/**
 * Reads a Postgres connection. A message is what one ReadyForQuery answers: a simple Query, or everything up
 * to a Sync. Parse, Bind and Execute are kept back until that Sync is there, because a Bind already takes the
 * snapshot that a gate is to be before. (Up to a Flush they are passed on: the client waits for an answer.)
 */
export class PostgresCodec implements Codec {
  readonly #requests = new PostgresFrames({
    captureBytes: REQUEST_CAPTURE_BYTES,
    isUntyped: true,
  });
  readonly #replies = new PostgresFrames({ captureBytes: REPLY_CAPTURE_BYTES });
  readonly #statements = new Map<string, Statement>();
  readonly #portals = new Map<string, Statement>();
  readonly #waiting: {
    readonly exchange: Exchange;
    readonly isSync: boolean;
  }[] = [];
  /** Executed, or at least parsed, since the last Sync. */
  #executed: Statement[] = [];
  #parsed = parsed("");
  /** Answered with a single byte instead of a message. */
  #awaitsSslByte = false;
  #isStarted = false;
  #isFirst = true;
  /** The server reads COPY data and has ignored the Sync that started it: the next one stands for it. */
  #hasIgnoredSync = false;
  #reply = new ReplySummary();

  get awaitsReply(): boolean {
    return this.#waiting.length > 0;
  }

  requests(chunk: Uint8Array): RequestPart[] {
    const parts: RequestPart[] = [];
    let frame = this.#requests.next(chunk, 0);
    while (frame) {
      const part = this.#requestPart(frame);
      if (part) parts.push(part);
      frame = this.#requests.next(chunk, frame.end);
    }
    return parts;
  }

  replies(chunk: Uint8Array): ReplyPart[] {
    const parts: ReplyPart[] = [];
    let from = 0;
    if (this.#awaitsSslByte && chunk.length > 0) {
      this.#awaitsSslByte = false;
      parts.push({ end: from = 1 });
    }
    let frame = this.#replies.next(chunk, from);
    while (frame) {
      const part = this.#replyPart(frame);
      if (part) parts.push(part);
      frame = this.#replies.next(chunk, frame.end);
    }
    return parts;
  }

  #requestPart(frame: Frame): RequestPart | undefined {
    if (!this.#isStarted) return this.#startUpPart(frame);
    const { end } = frame;
    const body = new BodyReader(frame.body);
    switch (frame.type) {
      case "P": {
        const name = body.text();
        this.#parsed = parsed(body.text());
        this.#statements.set(name, this.#parsed);
        return undefined;
      }
      case "B": {
        const portal = body.text();
        const statement = this.#statements.get(body.text()) ?? parsed("");
        const values = boundValues(body);
        this.#portals.set(portal, { ...statement, values });
        return undefined;
      }
      case "E": {
        const executed = this.#portals.get(body.text());
        if (executed) this.#executed.push(executed);
        return undefined;
      }
      case "D":
      case "C":
        return undefined;
      case "Q":
        return this.#messagePart(end, [parsed(body.text())]);
      case "F":
        return this.#messagePart(end, [parsed("FunctionCall")]);
      case "S":
        if (!this.#hasIgnoredSync) {
          return this.#messagePart(end, this.#executed, true);
        }
        this.#hasIgnoredSync = false;
        return { end };
      default:
        // Flush, COPY data, Terminate.
        return { end };
    }
  }

  #startUpPart({ type, body, end }: Frame): RequestPart {
    const code = type === "" ? new BodyReader(body).int32() : 0;
    if (ENCRYPTION_REQUESTS.has(code)) {
      this.#awaitsSslByte = true;
      this.#requests.expectUntyped();
    }
    return { end };
  }

  #messagePart(
    end: number,
    executed: readonly Statement[],
    isSync = false,
  ): RequestPart {
    const exchange = this.#exchange(executed);
    this.#waiting.push({ exchange, isSync });
    return { end, exchange };
  }

  #exchange(executed: readonly Statement[]): Exchange {
    const text =
      executed.map(({ sql, values }) => filledSql(sql, values)).join("; ") ||
      `${this.#parsed.sql} (not executed)`;
    const exchange: Exchange = {
      name: firstWord(text),
      text: shortText(text, EXCHANGE_CHARACTERS_MAX),
      statements: executed.map(({ sql }) => sql),
      warnings: executed.flatMap(({ warnings }) => warnings),
      isHandshake: this.#isFirst && TYPE_QUERY.test(text),
    };
    this.#isFirst = false;
    this.#executed = [];
    this.#parsed = parsed("");
    return exchange;
  }

  #replyPart({ type, body, end }: Frame): ReplyPart | undefined {
    switch (type) {
      case "Z":
        if (this.#isStarted) {
          return {
            end,
            completes: this.#waiting.shift()?.exchange,
            text: this.#reply.take(),
          };
        }
        this.#isStarted = true;
        return { end };
      case "G":
        this.#hasIgnoredSync = this.#waiting[0]?.isSync ?? false;
        return { end };
      case "A":
        // LISTEN's messages come between two replies; one inside of a reply would only be late in the evidence.
        return this.awaitsReply
          ? undefined
          : { end, isPush: true, text: notificationText(body) };
      case "C":
        this.#reply.tags.push(new BodyReader(body).text());
        break;
      case "D":
        this.#reply.row ??= rowText(body);
        break;
      case "E":
        this.#reply.tags.push(errorText(body));
        break;
    }
    return this.#isStarted ? undefined : { end };
  }
}

/** Looked at once, when parsed: it may be executed a thousand times. */
interface Statement {
  readonly sql: string;
  readonly warnings: readonly string[];
  readonly values: readonly string[];
}

function parsed(text: string): Statement {
  const sql = squeezedSql(text);
  return { sql, warnings: sqlWarnings(sql), values: [] };
}

/** What of a reply is shown: its command tags, and the first row. */
class ReplySummary {
  tags: string[] = [];
  row: string | undefined;

  take(): string {
    const tags = this.tags.map((tag) => {
      const rows = /^(?:SELECT|FETCH) (\d+)$/.exec(tag)?.[1];
      return rows === undefined
        ? tag
        : `${rows} ${rows === "1" ? "row" : "rows"}`;
    });
    const text = tags.join("; ") +
      (this.row === undefined ? "" : ` (${this.row})`);
    this.tags = [];
    this.row = undefined;
    return text;
  }
}

const REQUEST_CAPTURE_BYTES = 16_384;
const REPLY_CAPTURE_BYTES = 2_048;
/** SSLRequest and GSSENCRequest. */
const ENCRYPTION_REQUESTS = new Set([80_877_103, 80_877_104]);
/** What postgres.js asks once per connection to learn the array types. */
const TYPE_QUERY = /^select b\.oid, b\.typarray from pg_catalog\.pg_type/;
