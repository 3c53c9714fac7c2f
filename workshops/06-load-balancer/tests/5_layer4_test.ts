import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import { setBackends, shown, threeOf } from "./balancer.ts";
import { CHECK_EVERY_SEC, openClinic } from "./clinic.ts";
import {
  fingerprint,
  type Heard,
  orNothing,
  randomBytes,
  readBytes,
  textOf,
  writeAll,
} from "./bytes.ts";

const MB = 1024 * 1024;
const LINE = "PROXY UNKNOWN\r\n";

describe("06.5 Layer 4 and WebSockets", () => {
  check("06.5a", {
    title: "passes every byte both ways, and each end as an end",
    kind: "fault",
    hint:
      "write() may take a part of what you give it. When one side ends, closeWrite() the other one; its way back stays open.",
  }, async (lab) => {
    const [id] = threeOf(lab);
    await setBackends(lab, { [id]: 1 });
    using slicing = lab.slice({ upstream: id });
    const up = { bytes: randomBytes(lab, 3000), isEnded: true };
    const down = { bytes: randomBytes(lab, 3000), isEnded: true };

    const heard = Promise.withResolvers<Heard>();
    lab.upstream(id).acceptTcp(async (connection) => {
      heard.resolve(await readBytes(connection));
      await writeAll(connection, down.bytes);
    });
    using asking = await lab.on(0).connect();
    await writeAll(asking, up.bytes);
    await asking.closeWrite();
    const answer = await readBytes(asking);
    expect(
      fingerprint(await orNothing(heard.promise)),
      "A client sends and ends: the backend gets all of it, and the end",
    ).toBe(fingerprint(up));
    expect(
      fingerprint(answer),
      "…and can still answer, for only one direction has ended",
    ).toBe(fingerprint(down));

    const later = Promise.withResolvers<Heard>();
    lab.upstream(id).acceptTcp(async (connection) => {
      await writeAll(connection, down.bytes);
      await connection.closeWrite();
      later.resolve(await readBytes(connection));
    });
    using listening = await lab.on(0).connect();
    expect(
      fingerprint(await readBytes(listening)),
      "A backend speaks first and ends: the client gets all of it, and the end",
    ).toBe(fingerprint(down));
    await writeAll(listening, up.bytes);
    await listening.closeWrite();
    expect(
      fingerprint(await orNothing(later.promise)),
      "…and can still send",
    ).toBe(fingerprint(up));
    if (slicing.hits === 0) lab.inconclusive("Nothing was sliced");
  });

  check("06.5b", {
    title: "keeps little in memory for a reader that stops",
    kind: "api",
    hint:
      "Read the next piece when the last one was written: await each write, and the sender waits by itself.",
    timeoutMs: 30_000,
  }, async (lab) => {
    const [id] = threeOf(lab);
    await setBackends(lab, { [id]: 1 });
    const goOn = Promise.withResolvers<void>();
    let received = 0;
    lab.upstream(id).acceptTcp(async (connection) => {
      await goOn.promise;
      const buffer = new Uint8Array(MB);
      for (;;) {
        const length = await connection.read(buffer);
        if (length === null) break;
        received += length;
      }
      await connection.write(new TextEncoder().encode("done"));
    });
    using client = await lab.on(0).connect();
    const before = await lab.on(0).memoryBytes();
    let sent = 0;
    const sending = (async () => {
      const piece = new Uint8Array(MB / 4).fill(lab.random.integer(1, 255));
      while (sent < 64 * MB) {
        await writeAll(client, piece);
        sent += piece.length;
      }
      await client.closeWrite();
    })();
    sending.catch(() => {}); // Looked at below.
    await untilStill(lab, () => sent);
    const grownMb = (await lab.on(0).memoryBytes() - before) / MB;
    expect(
      grownMb,
      `64 MB are sent to a backend that does not read: the balancer's memory grows by 32 MB at most (${
        Math.round(sent / MB)
      } MB were taken)`,
    ).toBeLessThanOrEqual(32);
    goOn.resolve();
    await sending;
    const answer = textOf(await readBytes(client));
    expect(
      [received, answer],
      "When the backend reads on, all 64 MB arrive, and its answer too",
    ).toEqual([64 * MB, "done"]);
  });

  check("06.5c", {
    title: "lets a WebSocket through, with its close codes",
    kind: "api",
    hint:
      "Both directions at the same time: neither may wait for the other to end.",
  }, async (lab) => {
    const [id] = threeOf(lab);
    await setBackends(lab, { [id]: 1 });
    const backend = lab.upstream(id);
    const word = lab.random.word(12);
    backend.script([{
      webSocket: (socket) => {
        socket.onmessage = ({ data }) => {
          socket.send(`${data}!`);
          if (data === "bye") socket.close(4008, "slow down");
        };
      },
    }]);
    const first = await opened(lab, "/chat?x=1");
    const messages: string[] = [];
    first.onmessage = ({ data }) => messages.push(data);
    first.send(word);
    await lab.eventually(() =>
      expect(messages, "A message and its echo pass").toEqual([`${word}!`])
    );
    const ended = closeOf(first);
    first.send("bye");
    expect(
      await orNothing(ended),
      "The backend's close code and reason reach the client",
    ).toEqual([4008, "slow down"]);
    expect(backend.calls.map(({ path }) => path), "The backend sees the path")
      .toEqual(["/chat?x=1"]);

    const closed = Promise.withResolvers<[number, string]>();
    backend.script([{
      webSocket: (socket) => {
        socket.onclose = ({ code, reason }) => closed.resolve([code, reason]);
      },
    }]);
    const second = await opened(lab, "/chat");
    second.close(4001, word);
    expect(
      await orNothing(closed.promise),
      "The client's close code and reason reach the backend",
    ).toEqual([4001, word]);
  });

  check("06.5d", {
    title: "balances connections, counts them, and says whose they are",
    kind: "api",
    hint:
      "A connection is under way until both directions are over. PROXY UNKNOWN and CRLF go first, if config.proxyProtocol says so.",
    config: {
      balance: "least_connections",
      proxyProtocol: true,
      checkEverySec: CHECK_EVERY_SEC,
      fall: 1,
    },
  }, async (lab) => {
    using refused = await lab.on(0).connect();
    expect(
      textOf(await readBytes(refused)),
      "Without a backend a connection is closed at once",
    ).toBe("");
    const [first, second, ill] = threeOf(lab);
    const clinic = openClinic(lab, [first, second, ill]);
    await setBackends(lab, { [first]: 2, [second]: 1, [ill]: 3 });
    clinic.set(ill, { status: 500 });
    await clinic.checkUp({ [ill]: { failed: 1 } });
    await lab.eventually(async () =>
      expect((await shown(lab.on(0), ill)).state, "A check failed: it is down")
        .toBe("down")
    );
    const goOn = Promise.withResolvers<void>();
    let ended = 0;
    for (const id of [first, second, ill]) {
      lab.upstream(id).acceptTcp(async (connection) => {
        const heard = await readBytes(connection);
        if (heard.isEnded) ended += 1;
        await orNothing(goOn.promise);
        await writeAll(
          connection,
          new TextEncoder().encode(
            `${id} heard ${JSON.stringify(textOf(heard))}`,
          ),
        );
      });
    }
    const clients = await Promise.all(
      Array.from({ length: 6 }, () => lab.on(0).connect()),
    );
    await underWay(
      [4, 2],
      "Six connections go to weights 2 and 1 as 4 and 2, and none to a backend that is down",
    );
    for (const client of clients) {
      await writeAll(client, new TextEncoder().encode("hello"));
      await client.closeWrite();
    }
    await lab.eventually(() =>
      expect(ended, "Each backend sees the end of what its client sends")
        .toBe(6)
    );
    expect(
      await inFlight(),
      "A connection of which one direction is over is still under way",
    ).toEqual([4, 2]);
    goOn.resolve();
    const answers: string[] = [];
    for (const client of clients) {
      answers.push(textOf(await readBytes(client)));
      client.close();
    }
    const heard = (id: string) =>
      `${id} heard ${JSON.stringify(LINE + "hello")}`;
    expect(
      answers.toSorted(),
      "Each backend gets the PROXY line first, then what the client sends",
    ).toEqual(
      [...Array(4).fill(heard(first)), ...Array(2).fill(heard(second))]
        .toSorted(),
    );
    await underWay([0, 0], "A connection that is over is not under way");

    async function underWay(counts: readonly number[], rule: string) {
      await lab.eventually(async () =>
        expect(await inFlight(), rule).toEqual(counts)
      );
    }

    async function inFlight(): Promise<number[]> {
      const a = await shown(lab.on(0), first);
      const b = await shown(lab.on(0), second);
      return [a.inFlight, b.inFlight];
    }
  });
});

async function opened(lab: Lab, path: string): Promise<WebSocket> {
  const socket = await orNothing(
    lab.on(0).webSocket(path, { through: "tcp" }),
  );
  expect(
    socket === undefined ? "silence" : "open",
    "A WebSocket is opened through a connection: the question and the answer pass while both directions are open",
  ).toBe("open");
  return socket!;
}

function closeOf(socket: WebSocket): Promise<[number, string]> {
  return new Promise((resolve) => {
    socket.onclose = ({ code, reason }) => resolve([code, reason]);
  });
}

/** Waits until a number has not changed for 40 looks. */
async function untilStill(lab: Lab, value: () => number): Promise<void> {
  let last = -1;
  let looks = 0;
  await lab.eventually(() => {
    looks = value() === last ? looks + 1 : 0;
    last = value();
    if (last < 64 * MB && looks < 40) throw new Error("It still moves");
  }, { withinMs: 20_000 });
}
