import { describe, it } from "@std/testing/bdd";
import { expect } from "../expect/expect.ts";
import { useLabs } from "../lab_fixture.ts";

const BACK = { upstreams: ["back"] };

describe("what passes through a system", () => {
  const labs = useLabs();

  it("is a body, seen by the upstream piece by piece", async () => {
    await labs.use("forwarder", BACK, async (lab) => {
      const back = lab.upstream("back");
      using request = await lab.on(0).open("POST", "/upload");
      for (const piece of ["one", "two"]) {
        await request.write(piece);
        await lab.eventually(() =>
          expect(back.arrivals.at(-1)?.received).toMatch(piece)
        );
      }
      expect(back.arrivals).toMatchObject([
        {
          method: "POST",
          path: "/upload",
          received: "onetwo",
          state: "coming",
        },
      ]);
      await request.end();
      await request.ended;
      expect([request.status, back.calls[0]?.body]).toEqual([200, "onetwo"]);
    });
  });

  it("is seen to be kept back by a program that buffers", async () => {
    const options = { ...BACK, config: { how: "buffers" } };
    const outcome = await labs.check("forwarder", options, async (lab) => {
      using request = await lab.on(0).open("POST", "/upload");
      await request.write("one");
      await lab.eventually(
        () => expect(lab.upstream("back").arrivals).toHaveLength(1),
        { withinMs: 300 },
      );
    });
    expect(outcome.check.status).toBe("fail");
  });

  it("is a body that breaks off when its sender hangs up", async () => {
    await labs.use("forwarder", BACK, async (lab) => {
      const back = lab.upstream("back");
      const request = await lab.on(0).open("POST", "/upload");
      await request.write("one");
      await lab.eventually(() =>
        expect(back.arrivals[0]?.received).toBe("one")
      );
      request.close();
      await lab.eventually(() =>
        expect(back.arrivals[0]?.state).toBe("broken")
      );
      expect(back.calls).toEqual([]);
    });
  });

  it("is an answer, seen by the client piece by piece", async () => {
    await labs.use("forwarder", BACK, async (lab) => {
      const back = lab.upstream("back");
      back.script([{ status: 206, pieces: ["one", "two"] }]);
      using request = await lab.on(0).open("GET", "/x", { hasBody: false });
      await lab.eventually(() => expect(request.received).toMatch("one"));
      expect([request.status, back.held]).toEqual([206, 1]);
      expect(request.received).not.toMatch("two");
      back.release();
      await request.ended;
      expect(request.received).toMatch("two");
    });
  });

  it("are raw bytes, to the end of each direction", async () => {
    await labs.use("forwarder", BACK, async (lab, { evidence }) => {
      let heard = "";
      lab.upstream("back").acceptTcp(async (connection) => {
        const buffer = new Uint8Array(16);
        let length: number | null;
        while ((length = await connection.read(buffer)) !== null) {
          heard += new TextDecoder().decode(buffer.subarray(0, length));
        }
        await connection.write(new TextEncoder().encode("you, too"));
      });
      const connection = await lab.on(0).connect();
      await connection.write(new TextEncoder().encode("hello"));
      await connection.closeWrite();
      const answer = await new Response(connection.readable).text();
      expect({ heard, answer }).toEqual({ heard: "hello", answer: "you, too" });
      const told = evidence.rows.map(({ text }) => text);
      expect(told, "The timeline tells of connections, too").toEqual(
        expect.arrayContaining([
          "a TCP connection",
          "back connected",
          "back got 5 bytes and the end",
          "back gave 8 bytes and the end",
        ]),
      );
    });
  });

  it("is a WebSocket through layer 4, with its close code", async () => {
    await labs.use("forwarder", BACK, async (lab) => {
      const back = lab.upstream("back");
      back.script([{
        webSocket: (socket) => {
          socket.onmessage = ({ data }) => {
            socket.send(`${data}!`);
            socket.close(4008, "enough");
          };
        },
      }]);
      const socket = await lab.on(0).webSocket("/chat", { through: "tcp" });
      const closed = Promise.withResolvers<CloseEvent>();
      const messages: string[] = [];
      socket.onmessage = ({ data }) => messages.push(data);
      socket.onclose = closed.resolve;
      socket.send("hello");
      const { code, reason } = await closed.promise;
      expect([messages, code, reason]).toEqual([["hello!"], 4008, "enough"]);
      expect(back.calls).toMatchObject([{ path: "/chat" }]);
    });
  });
});
