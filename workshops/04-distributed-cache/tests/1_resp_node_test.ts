import { describe } from "@std/testing/bdd";
import { bulk, check, expect, type Lab, type RespReply } from "@lab";
import { freshKey, WITHOUT_REDIS } from "./cache_node.ts";

describe("04.1 RESP node", () => {
  check("04.1a", {
    title: "answers each command as Redis does",
    kind: "api",
    hint: "A word's length counts bytes, and its bytes may be anything.",
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using client = await lab.on(0).resp();
    const [key, other, missing] = [freshKey(lab), freshKey(lab), freshKey(lab)];
    const value = lab.random.word(12);
    const bytes = new Uint8Array([0, 13, 10, 255, 254, 36, 13, 10]);
    const calls: [command: (string | Uint8Array)[], reply: RespReply][] = [
      [["PING"], "+PONG"],
      [["ping"], "+PONG"],
      [["PING", value], bulk(value)],
      [["ECHO", `${value}\r\n+OK\r\n`], bulk(`${value}\r\n+OK\r\n`)],
      [["GET", key], "nil"],
      [["SET", key, value], "+OK"],
      [["get", key], bulk(value)],
      [["SET", key, "grün, 緑"], "+OK"],
      [["GET", key], bulk("grün, 緑")],
      [["SET", key, bytes], "+OK"],
      [["GET", key], bulk(bytes)],
      [["SET", key, ""], "+OK"],
      [["GET", key], bulk("")],
      [["SET", key, "late", "NX"], "nil"],
      [["SET", other, "first", "nx"], "+OK"],
      [["MGET", key, missing, other], [bulk(""), "nil", bulk("first")]],
      [["DBSIZE"], ":2"],
      [["DEL", key, missing, key], ":1"],
      [["DBSIZE"], ":1"],
      [["GET", key], "nil"],
    ];
    for (const [command, reply] of calls) {
      expect(
        await client.command(...command),
        `${shown(command)} is answered as in the table of the contract`,
      ).toEqual(reply);
    }
    for (const command of [["GET"], ["NOSUCH", key], ["SET", key]]) {
      expect(
        await client.command(...command),
        "An unknown command, or a wrong number of words, is an error that begins with ERR",
      ).toMatch(/^-ERR\b/);
    }
    expect(
      await client.command("PING"),
      "After an error the connection goes on",
    ).toBe("+PONG");
  });

  check("04.1b", {
    title: "reads commands however their bytes arrive",
    kind: "api",
    hint:
      "One read() is a piece of a command, or several; one write() may take only a part.",
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using client = await lab.on(0).resp();
    using marker = await lab.on(0).resp();
    const [key, value] = [freshKey(lab), `grün ${lab.random.word(8)}`];
    await client.send([["SET", key, value], ["GET", key]], {
      sliceBytes: 1,
      between: () => marker.command("PING"),
    });
    expect(
      [await client.reply(), await client.reply()],
      "Two commands that arrive byte by byte are answered like any other",
    ).toEqual(["+OK", bulk(value)]);

    const large = lab.random.word(64).repeat(32 * 1024);
    const stored = await client.command("SET", key, large);
    expect(stored, "A value of 2 MB is stored").toBe("+OK");
    const found = await client.command("GET", key);
    expect(found.length, "…and comes back in full").toBe(bulk(large).length);
    expect(found === bulk(large), "…byte for byte").toBe(true);
  });

  check("04.1c", {
    title: "answers 500 pipelined commands in order, to the last",
    kind: "api",
    hint:
      "A client that has closed its sending side still reads: end when all replies are written.",
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using client = await lab.on(0).resp();
    const keys = Array.from({ length: 250 }, () => freshKey(lab));
    const values = keys.map(() => lab.random.word(10));
    const commands = keys.flatMap((key, index) => [
      ["SET", key, values[index]!],
      ["GET", keys[Math.floor(index / 2)]!],
    ]);
    await client.send(commands);
    await client.closeWrite();
    const replies: RespReply[] = [];
    for (const _ of commands) replies.push(await client.reply());
    const expected = keys.flatMap((_, index) => [
      "+OK",
      bulk(values[Math.floor(index / 2)]!),
    ]);
    expect(replies, "Each command has its reply, in the order of the commands")
      .toEqual(expected);
    await client.ended();
  });

  check("04.1d", {
    title: "lets items expire by the clock",
    kind: "api",
    hint:
      "Keep the moment at which an item ends, and compare it with context.clock.now() when it is asked for.",
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using client = await lab.on(0).resp();
    const expectReplies = (rule: string, ...calls: Call[]) =>
      expectCalls(client, rule, calls);
    const key = freshKey(lab);
    const [forever, seconds, both] = [
      freshKey(lab),
      freshKey(lab),
      freshKey(lab),
    ];
    const lifetimeMs = lab.random.integer(60_000, 90_000);
    await expectReplies(
      "PTTL counts the milliseconds that are left; -1 without an end, -2 without an item",
      [["SET", key, "x", "PX", lifetimeMs], "+OK"],
      [["PTTL", key], `:${lifetimeMs}`],
      [["SET", forever, "x"], "+OK"],
      [["PTTL", forever], ":-1"],
      [["PTTL", freshKey(lab)], ":-2"],
      [["SET", seconds, "x", "EX", 60], "+OK"],
      [["PTTL", seconds], ":60000"],
      [["EXPIRE", seconds, 120], ":1"],
      [["PTTL", seconds], ":120000"],
      [["EXPIRE", freshKey(lab), 60], ":0"],
    );
    await expectReplies(
      "SET takes NX and a lifetime together, in either order",
      [["SET", key, "y", "PX", 120_000, "NX"], "nil"],
      [["PTTL", key], `:${lifetimeMs}`],
      [["SET", both, "x", "NX", "PX", 60_000], "+OK"],
      [["PTTL", both], ":60000"],
      [["DEL", both], ":1"],
    );
    await lab.clock.advance(lifetimeMs - 1);
    await expectReplies(
      "One millisecond before its end an item is there",
      [["GET", key], "$x"],
      [["PTTL", key], ":1"],
      [["SET", key, "y", "NX"], "nil"],
    );
    await lab.clock.advance(1);
    await expectReplies(
      "At its end an item is gone for every command",
      [["DBSIZE"], ":2"],
      [["GET", key], "nil"],
      [["MGET", key, forever], ["nil", "$x"]],
      [["DEL", key], ":0"],
      [["SET", key, "y", "NX"], "+OK"],
      [["PTTL", key], ":-1"],
    );
    await expectReplies(
      "SET without a lifetime takes an earlier one away",
      [["SET", seconds, "z"], "+OK"],
      [["PTTL", seconds], ":-1"],
    );
    await lab.clock.advance(120_000);
    await expectReplies(
      "…so that the item outlives it",
      [["GET", seconds], "$z"],
    );
  });

  check("04.1e", {
    title: "serves 50 clients at once, whatever one of them does",
    kind: "api",
    hint:
      "Half a command belongs to its connection; keep it there and read the others meanwhile.",
    ...WITHOUT_REDIS,
  }, async (lab) => {
    using slow = await lab.on(0).resp();
    const [key, value] = [freshKey(lab), lab.random.word(8)];
    const whole = new TextEncoder().encode(
      `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$8\r\n${value}\r\n`,
    );
    const cut = lab.random.integer(1, whole.length - 1);
    await slow.sendBytes(whole.subarray(0, cut));

    await Promise.all(Array.from({ length: 49 }, () => oneClient(lab)));

    await slow.sendBytes(whole.subarray(cut));
    expect(
      await slow.reply(),
      "A client that was slow to send its command gets its reply as well",
    ).toBe("+OK");
    expect(await slow.command("GET", key), "…and finds its value")
      .toBe(bulk(value));
  });
});

type Call = [command: (string | number)[], reply: RespReply];

async function expectCalls(
  client: { command(...words: (string | number)[]): Promise<RespReply> },
  rule: string,
  calls: readonly Call[],
): Promise<void> {
  for (const [command, reply] of calls) {
    expect(await client.command(...command), `${rule}: ${shown(command)}`)
      .toEqual(reply);
  }
}

function shown(command: readonly (string | number | Uint8Array)[]): string {
  return command
    .map((word) => word instanceof Uint8Array ? `<${word.length} bytes>` : word)
    .join(" ");
}

/** Writes and reads keys of its own, several times. */
async function oneClient(lab: Lab): Promise<void> {
  using client = await lab.on(0).resp();
  for (let round = 0; round < 3; round++) {
    const [key, value] = [freshKey(lab), lab.random.word(8)];
    const replies = await client.pipeline([
      ["SET", key, value],
      ["GET", key],
      ["ECHO", key],
    ]);
    expect(replies, "Each of 50 clients gets the replies to its own commands")
      .toEqual(["+OK", bulk(value), bulk(key)]);
  }
}
