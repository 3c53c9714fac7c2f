/**
 * A client that speaks RESP2, the protocol of Redis, with `System.tcp`.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

/**
 * A reply as it stands on the wire, without its line ends and lengths: "+OK", "-ERR unknown command", ":3",
 * "$value" (see `bulk`), "nil" for the null bulk string, and an array of these for an array.
 */
export type RespReply = string | readonly RespReply[];

/** Words of one command, the name first. */
export type RespCommand = readonly (string | number | Uint8Array)[];

export interface SendOptions {
  /** Writes so many bytes at a time. Default: all at once. */
  readonly sliceBytes?: number;
  /**
   * Called after each slice but the last. Await something that shows that the system has had time to read it, a
   * `PING` on another connection: otherwise slices may arrive together.
   */
  readonly between?: () => Promise<unknown>;
}

/**
 * One connection. Whatever is wrong with a reply (none within 5 s, no RESP2, a connection that ended) ends the check
 * as failed, with the bytes that came.
 */
export interface RespClient extends Disposable {
  /** Sends one command and waits for its reply. */
  command(...words: RespCommand): Promise<RespReply>;
  /** Sends all commands in one write, then reads their replies in order. */
  pipeline(commands: readonly RespCommand[]): Promise<RespReply[]>;
  /** Sends the bytes of these commands as told, and does not wait for replies: call `reply` once for each. */
  send(commands: readonly RespCommand[], options?: SendOptions): Promise<void>;
  /** Sends bytes as they are. */
  sendBytes(bytes: Uint8Array, options?: SendOptions): Promise<void>;
  /** The next reply. */
  reply(): Promise<RespReply>;
  /** Ends this direction; the other stays open. */
  closeWrite(): Promise<void>;
  /** Resolves once the system has closed the connection, with no byte left unread. */
  ended(): Promise<void>;
  close(): void;
}
