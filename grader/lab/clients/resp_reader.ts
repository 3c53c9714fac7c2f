import { ByteReader } from "./byte_reader.ts";
import { CheckFailure } from "../expect/check_failure.ts";
import { readable } from "./resp_text.ts";
import type { RespReply } from "./resp_types.ts";

const REPLY_MS_MAX = 5_000;
/** As Redis: a longer bulk string is a mistake in the length. */
const BULK_BYTES_MAX = 512 * 1024 * 1024;

/** Reads replies, strictly: what is no RESP2 throws a {@link CheckFailure} with the line at hand. */
export class RespReader {
  readonly #reader: ByteReader;

  constructor(connection: Deno.Conn) {
    this.#reader = new ByteReader(connection);
  }

  /** `waitsFor` says in a failure what there was no reply to. */
  async reply(waitsFor: string): Promise<RespReply> {
    return await inTime(this.#reply(), waitsFor);
  }

  /** Everything up to the end of the connection. */
  async toEnd(): Promise<Uint8Array> {
    return await inTime(this.#reader.toEnd(), "the end of the connection");
  }

  async #reply(): Promise<RespReply> {
    const line = readable(await this.#reader.rawLine());
    const match = /^([-+:$*])(.*)\r\n$/s.exec(line);
    if (match === null) {
      throw notResp("a line of RESP2 that ends with CRLF", line);
    }
    const [, type, rest] = match;
    if (type === "$") return await this.#bulk(rest!, line);
    if (type === "*") return await this.#array(rest!, line);
    if (type === ":" && !/^-?\d+$/.test(rest!)) {
      throw notResp("a whole number after the colon", line);
    }
    return `${type}${rest}`;
  }

  async #bulk(length: string, line: string): Promise<RespReply> {
    if (length === "-1") return "nil";
    const bytes = numberIn(length, line);
    if (bytes > BULK_BYTES_MAX) {
      throw notResp("a length of 512 MB at most", line);
    }
    const value = readable((await this.#reader.exactly(bytes)).slice());
    const end = readable(await this.#reader.exactly(2));
    if (end === "\r\n") return `$${value}`;
    throw notResp(
      `CRLF after a bulk string of ${bytes} bytes`,
      `${line}${value.slice(0, 200)}${end}…`,
    );
  }

  async #array(length: string, line: string): Promise<RespReply> {
    if (length === "-1") return "nil";
    const items: RespReply[] = [];
    for (let left = numberIn(length, line); left > 0; left--) {
      items.push(await this.#reply());
    }
    return items;
  }
}

function numberIn(length: string, line: string): number {
  if (/^\d+$/.test(length)) return Number(length);
  throw notResp("a length", line);
}

function notResp(expected: string, received: string): CheckFailure {
  const rule = "Every reply is RESP2";
  return new CheckFailure({
    rule,
    expected,
    received: JSON.stringify(received),
  });
}

async function inTime<T>(reading: Promise<T>, waitsFor: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(broken(waitsFor, `nothing within ${REPLY_MS_MAX} ms`)),
    REPLY_MS_MAX,
  );
  reading.catch(() => {}); // When it is late, nobody waits for it any more.
  try {
    return await Promise.race([reading, late.promise]);
  } catch (error) {
    if (error instanceof CheckFailure) throw error;
    throw broken(waitsFor, "the end of the connection");
  } finally {
    clearTimeout(timer);
  }
}

function broken(waitsFor: string, received: string): CheckFailure {
  return new CheckFailure({
    rule: "Each command gets its reply",
    expected: waitsFor,
    received,
  });
}
