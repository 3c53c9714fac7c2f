import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import { bulk } from "./resp_text.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

// The system gives back what it gets, so each test sends the replies that it wants to read.
describe("a RESP client", () => {
  const labs = useLabs();

  it("reads every kind of reply, however it is cut", async () => {
    await labs.use("echo", {}, async (lab) => {
      using client = await lab.on(0).resp();
      const replies = [
        ["+OK\r\n", "+OK"],
        ["-ERR no\r\n", "-ERR no"],
        [":-3\r\n", ":-3"],
        ["$7\r\na\r\nb\u00fcx\r\n", bulk("a\r\nb\u00fcx")],
        ["$0\r\n\r\n", bulk("")],
        ["$-1\r\n", "nil"],
        ["*2\r\n$1\r\n1\r\n*0\r\n", ["$1", []]],
      ] as const;
      const all = replies.map(([sent]) => sent).join("");
      let slices = 0;
      await client.sendBytes(bytes(all), {
        sliceBytes: 3,
        between: () => Promise.resolve(slices++),
      });
      for (const [, read] of replies) {
        expect(await client.reply()).toEqual(read);
      }
      expect(slices).toBe(Math.ceil(bytes(all).length / 3) - 1);
    });
  });

  it("sends commands as arrays of bulk strings", async () => {
    await labs.use("echo", {}, async (lab) => {
      using client = await lab.on(0).resp();
      const value = new Uint8Array([0, 255, 13, 10]);
      const replies = await client.pipeline([["SET", "k", value], ["GET", 1]]);
      expect(replies).toEqual([["$SET", "$k", bulk(value)], ["$GET", "$1"]]);
      expect(bulk(value)).toBe("$\\x00\\xff\\x0d\\x0a");
      expect(lab.trace.slice(1).map(({ kind, text }) => [kind, text])).toEqual([
        ["request", "2 commands: SET k \\x00\\xff\\x0d\\x0a; GET 1"],
        ["response", "→ [$GET, $1]"],
      ]);
    });
  });

  it("knows when the other side has ended", async () => {
    await labs.use("echo", {}, async (lab) => {
      using client = await lab.on(0).resp();
      await client.sendBytes(bytes("+OK\r\n"));
      await client.closeWrite();
      expect(await client.reply()).toBe("+OK");
      await client.ended();
    });
  });

  const wrong: [name: string, sent: string, received: string][] = [
    ["a lone line feed", "+OK\n", '"+OK\\n"'],
    ["an unknown type", "!OK\r\n", '"!OK\\r\\n"'],
    ["a length that is too short", "$1\r\nab\r\n", '"$1\\r\\nab\\r…"'],
    ["half a reply", "$5\r\nab", "the end of the connection"],
    ["no reply", "", "the end of the connection"],
  ];
  for (const [name, sent, received] of wrong) {
    it(`fails a check for ${name}`, async () => {
      const { check } = await labs.check("echo", {}, async (lab) => {
        const client = await lab.on(0).resp();
        await client.sendBytes(bytes(sent));
        await client.closeWrite();
        await client.reply();
      });
      expect(check.status).toBe("fail");
      expect(check.failure?.received).toBe(received);
    });
  }

  it("fails a check for a reply that nobody asked for", async () => {
    const { check } = await labs.check("echo", {}, async (lab) => {
      const client = await lab.on(0).resp();
      await client.sendBytes(bytes("+OK\r\n+OK\r\n"));
      await client.closeWrite();
      await client.reply();
      await client.ended();
    });
    expect(check.failure?.received).toBe("5 bytes more");
  });

  it("says what a stub has still to build", async () => {
    const { check } = await labs.check("echo", {}, async (lab) => {
      const client = await lab.on(0).resp();
      await client.sendBytes(bytes("-NOTIMPLEMENTED Stage 04.1: read\r\n"));
      await client.reply();
      throw new TypeError("anything");
    });
    expect(check.failure?.hint).toBe("Not built yet. Stage 04.1: read");
  });
});
