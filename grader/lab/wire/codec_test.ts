import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Codec } from "./codec.ts";
import { openCodec } from "./open_codec.ts";
import type { WireProtocol } from "./types.ts";

const encoder = new TextEncoder();

/** One conversation per protocol, as bytes, with what must be read from it. */
interface Conversation {
  readonly protocol: WireProtocol;
  readonly requests: Uint8Array;
  readonly replies: Uint8Array;
  /** Text of each exchange and of its reply. */
  readonly exchanges: readonly (readonly [string, string])[];
}

const CONVERSATIONS: Record<string, Conversation> = {
  "RESP2": {
    protocol: "redis",
    requests: bytes(
      command("CLIENT", "SETINFO", "LIB-NAME", "x"),
      command("set", "ключ", "a\r\nb"),
      command("GET", "ключ"),
      command("GET", ""),
      command("LRANGE", "list", "0", "-1"),
      command("HGETALL", "empty"),
      command("INCR", "ключ"),
      "PING\r\n",
    ),
    replies: bytes(
      "+OK\r\n",
      "+OK\r\n",
      "$4\r\na\r\nb\r\n",
      "$-1\r\n",
      "*3\r\n:1\r\n*2\r\n$1\r\nx\r\n*0\r\n$0\r\n\r\n",
      "*0\r\n",
      "-ERR value is not an integer\r\n",
      "+PONG\r\n",
    ),
    exchanges: [
      ["CLIENT SETINFO LIB-NAME x", "OK"],
      ['SET ключ "a b"', "OK"],
      ["GET ключ", '"a b"'],
      ['GET ""', "nil"],
      ["LRANGE list 0 -1", '[1, ["x", []], ""]'],
      ["HGETALL empty", "[]"],
      ["INCR ключ", "error ERR value is not an integer"],
      ["PING", "PONG"],
    ],
  },
  "RESP3": {
    protocol: "redis",
    requests: bytes(
      command("HELLO", "3"),
      command("SUBSCRIBE", "a", "b"),
      command("HGETALL", "h"),
      command("SMEMBERS", "s"),
      command("ZSCORE", "z", "m"),
      command("EXISTS", "b"),
    ),
    replies: bytes(
      "%1\r\n+server\r\n+redis\r\n",
      ">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n",
      ">3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n",
      "%1\r\n$1\r\nk\r\n$1\r\nv\r\n",
      ">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n",
      "|1\r\n+ttl\r\n:3600\r\n~2\r\n+x\r\n_\r\n",
      ",1.5\r\n",
      "#t\r\n",
    ),
    exchanges: [
      ["HELLO 3", "[server, redis]"],
      ["SUBSCRIBE a b", '["subscribe", "a", 1]'],
      ["HGETALL h", '["k", "v"]'],
      ["SMEMBERS s", "[ttl, 3600], [x, nil]"],
      ["ZSCORE z m", "1.5"],
      ["EXISTS b", "true"],
    ],
  },
  "MULTI": {
    protocol: "redis",
    requests: bytes(
      command("MULTI"),
      command("INCR", "n"),
      command("EXPIRE", "n", "60"),
      command("EXEC"),
    ),
    replies: bytes(
      "+OK\r\n",
      "+QUEUED\r\n",
      "+QUEUED\r\n",
      "*2\r\n:1\r\n:1\r\n",
    ),
    exchanges: [
      ["MULTI", "OK"],
      ["INCR n", "QUEUED"],
      ["EXPIRE n 60", "QUEUED"],
      ["EXEC (INCR n; EXPIRE n 60)", "[1, 1]"],
    ],
  },
  "Postgres, extended and simple": {
    protocol: "postgres",
    requests: bytes(
      untyped(80_877_103),
      untyped(196_608, "user\0learner\0\0"),
      message("p", "secret\0"),
      message(
        "P",
        "s1\0SELECT  n\n FROM stock WHERE id = $1 AND name = $2\0\0\0",
      ),
      message("D", "Ss1\0"),
      message("H", ""),
      message("B", "\0s1\0", int16(0), int16(2), value("7"), value("it's")),
      message("E", "\0", int32(0)),
      message("S", ""),
      message("Q", "COMMIT\0"),
      message("B", "\0s1\0", int16(0), int16(2), int32(-1), value("x")),
      message("E", "\0", int32(0)),
      message("S", ""),
      message("X", ""),
    ),
    replies: bytes(
      "N",
      message("R", int32(0)),
      message("S", "TimeZone\0UTC\0"),
      message("Z", "I"),
      message("1", ""),
      message("T", "ignored"),
      message("2", ""),
      message("D", int16(2), value("5"), int32(-1)),
      message("D", int16(2), value("6"), int32(-1)),
      message("C", "SELECT 2\0"),
      message("Z", "T"),
      message("C", "COMMIT\0"),
      message("Z", "I"),
      message("E", "SERROR\0C40001\0Mcould not serialize\0\0"),
      message("Z", "I"),
    ),
    exchanges: [
      [
        "SELECT n FROM stock WHERE id = 7 AND name = 'it's'",
        "2 rows (5, null)",
      ],
      ["COMMIT", "COMMIT"],
      [
        "SELECT n FROM stock WHERE id = null AND name = 'x'",
        "error 40001 could not serialize",
      ],
    ],
  },
  "Postgres COPY behind a Sync": {
    protocol: "postgres",
    requests: bytes(
      untyped(196_608, "user\0x\0\0"),
      message("P", "\0COPY t FROM STDIN\0\0\0"),
      message("B", "\0\0", int16(0), int16(0)),
      message("E", "\0", int32(0)),
      message("S", ""),
    ),
    replies: bytes(
      message("Z", "I"),
      message("1", ""),
      message("2", ""),
      message("G", "\0\0\0"),
      message("C", "COPY 1\0"),
      message("Z", "I"),
    ),
    exchanges: [["COPY t FROM STDIN", "COPY 1"]],
  },
  "HTTP": {
    protocol: "http",
    requests: bytes(
      "GET /a?x=1 HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST http://bank/b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /",
      "PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nPOST \r\n3;x=y\r\n\r\n\r\r\n0\r\n\r\n",
      "HEAD /d HTTP/1.1\r\n\r\n",
      "DELETE /e HTTP/1.1\r\n\r\n",
    ),
    replies: bytes(
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nHTTP",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n",
      "a\r\nHTTP/1.1 5\r\n0\r\nTrailer: x\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n",
      "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    ),
    exchanges: [
      ["GET /a?x=1", "200"],
      ["POST /b", "201"],
      ["PUT /c", "204"],
      ["HEAD /d", "200"],
      ["DELETE /e", "404"],
    ],
  },
};

describe("every codec reads the same, however the bytes are cut", () => {
  for (const [name, conversation] of Object.entries(CONVERSATIONS)) {
    it(name, () => {
      const whole = read(conversation, (bytes) => [bytes]);
      expect(whole.exchanges).toEqual(conversation.exchanges);
      const single = read(conversation, (bytes) => cut(bytes, () => 1));
      expect(single).toEqual(whole);
      for (let seed = 1; seed <= 300; seed++) {
        const random = seeded(seed);
        const cuts = read(
          conversation,
          (bytes) => cut(bytes, () => 1 + Math.floor(random() * 40)),
        );
        expect({ seed, ...cuts }).toEqual({ seed, ...whole });
      }
    });
  }
});

describe("what a codec admits", () => {
  it("is nothing of an extended query before its Sync", () => {
    const codec = startedPostgres();
    const query = bytes(
      message("P", "\0SELECT 1\0\0\0"),
      message("B", "\0\0", int16(0), int16(0)),
      message("E", "\0", int32(0)),
    );
    expect(codec.requests(query)).toEqual([]);
    const [part] = codec.requests(message("S", ""));
    expect(part?.exchange?.text).toBe("SELECT 1");
  });

  it("is a Parse at once when a Flush follows: the client waits for its answer", () => {
    const codec = startedPostgres();
    const parse = bytes(message("P", "\0SELECT 1\0\0\0"), message("H", ""));
    expect(codec.requests(parse)).toEqual([{ end: parse.length }]);
    expect(codec.awaitsReply).toBe(false);
  });

  it("is nothing of a Redis command before its last byte", () => {
    const codec = openCodec("redis");
    const set = bytes(command("SET", "k", "v".repeat(100_000)));
    expect(codec.requests(set.subarray(0, -1))).toEqual([]);
    const [part] = codec.requests(set.subarray(-1));
    expect(part?.exchange?.name).toBe("SET");
    expect(part!.exchange!.text.length).toBeLessThan(200);
  });
});

/** Reads both sides in the given pieces: the offsets at which something may pass, and the exchanges. */
function read(
  { protocol, requests, replies }: Conversation,
  pieces: (bytes: Uint8Array) => Uint8Array[],
): { ends: number[]; exchanges: [string, string][] } {
  const codec = openCodec(protocol);
  const ends: number[] = [];
  const exchanges: [string, string][] = [];
  // A start-up is a dialogue: the client waits for the server before it goes on.
  const [opening, rest] = protocol === "postgres"
    ? atStartUp(requests)
    : [requests, new Uint8Array(0)];
  const admit = (sent: Uint8Array) => {
    let base = 0;
    for (const piece of pieces(sent)) {
      for (const part of codec.requests(piece)) {
        if (part.exchange) ends.push(base + part.end);
      }
      base += piece.length;
    }
  };
  const deliver = (received: Uint8Array) => {
    let base = 0;
    for (const piece of pieces(received)) {
      for (const { end, completes, text } of codec.replies(piece)) {
        if (completes) {
          ends.push(base + end);
          exchanges.push([completes.text, text ?? ""]);
        }
      }
      base += piece.length;
    }
  };
  admit(opening);
  const greeting = protocol === "postgres" ? greetingLength(replies) : 0;
  deliver(replies.subarray(0, greeting));
  admit(rest);
  deliver(replies.subarray(greeting));
  return { ends, exchanges };
}

/** Requests up to and behind the end of the start-up. */
function atStartUp(requests: Uint8Array): [Uint8Array, Uint8Array] {
  const view = new DataView(requests.buffer, requests.byteOffset);
  let end = view.getInt32(0);
  const isEncryptionRequest = view.getInt32(4) === 80_877_103;
  if (isEncryptionRequest) end += view.getInt32(end);
  if (requests[end] === "p".charCodeAt(0)) end += 1 + view.getInt32(end + 1);
  return [requests.subarray(0, end), requests.subarray(end)];
}

function greetingLength(replies: Uint8Array): number {
  const ready = message("Z", "I");
  for (let at = 0; at < replies.length; at++) {
    if (ready.every((byte, index) => replies[at + index] === byte)) {
      return at + ready.length;
    }
  }
  throw new Error("No ReadyForQuery in the replies");
}

function startedPostgres(): Codec {
  const codec = openCodec("postgres");
  codec.requests(untyped(196_608, "user\0x\0\0"));
  codec.replies(message("Z", "I"));
  return codec;
}

function cut(bytes: Uint8Array, size: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + size();
    // A copy of its own, wiped afterwards by nobody: a codec must not rely on neighbours.
    pieces.push(bytes.slice(at, end));
    at = end;
  }
  return pieces;
}

function command(...args: string[]): string {
  const parts = args.map((arg) =>
    `$${encoder.encode(arg).length}\r\n${arg}\r\n`
  );
  return `*${args.length}\r\n${parts.join("")}`;
}

function message(type: string, ...body: (string | Uint8Array)[]): Uint8Array {
  const content = bytes(...body);
  return bytes(type, int32(content.length + 4), content);
}

function untyped(code: number, rest = ""): Uint8Array {
  const content = bytes(int32(code), rest);
  return bytes(int32(content.length + 4), content);
}

function value(text: string): Uint8Array {
  return bytes(int32(encoder.encode(text).length), text);
}

function int16(number: number): Uint8Array {
  return new Uint8Array([number >> 8, number]);
}

function int32(number: number): Uint8Array {
  return new Uint8Array([number >> 24, number >> 16, number >> 8, number]);
}

function bytes(...parts: (string | Uint8Array)[]): Uint8Array {
  const arrays = parts.map((part) =>
    typeof part === "string" ? encoder.encode(part) : part
  );
  const whole = new Uint8Array(
    arrays.reduce((sum, array) => sum + array.length, 0),
  );
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
