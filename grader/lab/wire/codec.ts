/** Reads one connection as it passes, and pairs what was asked with what came back. */
export interface Codec {
  /** Splits the next bytes of the client. What follows the last part is incomplete and stays with us. */
  requests(chunk: Uint8Array): readonly RequestPart[];
  /** Splits the next bytes of the server. What follows the last part belongs to an unfinished reply. */
  replies(chunk: Uint8Array): readonly ReplyPart[];
  /** A message was forwarded whose reply has yet to come. */
  readonly awaitsReply: boolean;
}

/** Bytes up to `end` (an offset into the chunk) may be forwarded; with an exchange, only once it is admitted. */
export interface RequestPart {
  readonly end: number;
  readonly exchange?: Exchange;
}

/** Bytes up to `end` may be delivered. */
export interface ReplyPart {
  readonly end: number;
  /** The exchange whose reply these bytes complete. */
  readonly completes?: Exchange;
  /** In short: `"9"`, `UPDATE 1`, `200`. */
  readonly text?: string;
  /** Nobody asked for it: a published message. */
  readonly isPush?: boolean;
  /** To be lost with its connection instead of delivered. */
  readonly isDropped?: boolean;
}

/** One thing that the client asked: counted, traced, gated and swept as a whole. */
export interface Exchange {
  /** "GET", "UPDATE", "POST /charges" */
  readonly name: string;
  /** For people and for matching, with its values, on one line. */
  readonly text: string;
  /** Belongs to the driver's own greeting: forwarded, and otherwise as if it were not there. */
  readonly isHandshake?: boolean;
  /** Cannot take effect by itself (MULTI and what it queues): not a crash point. */
  readonly isPartial?: boolean;
  /** Postgres: the executed statements as written. */
  readonly statements?: readonly string[];
  /** Codes of `clock_warnings.ts`. */
  readonly warnings?: readonly string[];
}
