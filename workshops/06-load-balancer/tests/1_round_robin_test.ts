import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  askInTurn,
  BACKENDS,
  nameBackends,
  putBackends,
  setBackends,
  tally,
  visits,
} from "./balancer.ts";

describe("06.1 Round robin", () => {
  check("06.1a", {
    title: "gives each backend its share, evenly spread",
    kind: "api",
    hint:
      "Smooth weighted round robin: everybody earns its weight each turn, the richest is asked and pays the total.",
  }, async (lab) => {
    nameBackends(lab);
    const [heavy, middle, light] = lab.random.shuffle(BACKENDS) as [
      string,
      string,
      string,
    ];
    // The order of the list says nothing about the weights.
    const weights = Object.fromEntries(lab.random.shuffle([
      [heavy, 3],
      [middle, 2],
      [light, 1],
    ]));
    await setBackends(lab, weights);
    const asked = await askInTurn(lab.on(0), 60);
    const shares = tally(asked);
    for (
      const [id, share] of [[heavy, 30], [middle, 20], [light, 10]] as const
    ) {
      expect(
        Math.abs((shares[id] ?? 0) - share),
        `With weights 3, 2 and 1, of 60 requests ${share} (±1) go to ${id}; it got ${
          shares[id] ?? 0
        }`,
      ).toBeLessThanOrEqual(1);
    }
    expect(
      longestRun(asked),
      `With weights 3, 2 and 1 nobody is asked more than twice in a row: ${
        asked.slice(0, 18).join(" ")
      } …`,
    ).toBeLessThanOrEqual(2);
  });

  check("06.1b", {
    title: "passes on what is meant for the backend, and nothing else",
    kind: "api",
    hint:
      "Connection, what it names, Keep-Alive, TE and the like end at you (RFC 9110, 7.6.1), in both directions.",
  }, async (lab) => {
    const id = lab.random.pick(BACKENDS);
    await setBackends(lab, { [id]: 1 });
    const backend = lab.upstream(id);
    const word = lab.random.word(12);
    backend.script([{
      status: 404,
      body: `no ${word}`,
      headers: {
        "content-type": "text/plain",
        "x-from-backend": word,
        "set-cookie": `seen=${word}; Path=/`,
        connection: "X-Inner",
        "x-inner": "for the next hop only",
      },
    }]);
    const answer = await lab.request("PATCH", `/a%20b/${word}?q=1&q=%2F`, {
      body: `body ${word}`,
      headers: {
        "content-type": "text/plain",
        "x-custom": word,
        connection: "keep-alive, X-Outer",
        "x-outer": "for the next hop only",
        "keep-alive": "timeout=5",
        te: "trailers",
        "proxy-connection": "keep-alive",
        trailer: "x-sum",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-host": "elsewhere",
        "x-forwarded-proto": "https",
        "x-request-id": `id-${word}`,
      },
    });
    const call = visits(backend)[0];
    expect(
      { method: call?.method, path: call?.path, body: call?.body },
      "Method, path, query and body reach the backend as they are",
    ).toEqual({
      method: "PATCH",
      path: `/a%20b/${word}?q=1&q=%2F`,
      body: `body ${word}`,
    });
    const seen = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, call!.headers.get(name)]));
    expect(
      seen(["x-custom", "content-type"]),
      "A client's own headers reach the backend",
    ).toEqual({ "x-custom": word, "content-type": "text/plain" });
    expect(
      seen(["x-outer", "keep-alive", "te", "proxy-connection", "trailer"]),
      "Headers for one hop, and those that Connection names, end at the balancer",
    ).toEqual({
      "x-outer": null,
      "keep-alive": null,
      te: null,
      "proxy-connection": null,
      trailer: null,
    });
    expect(
      seen([
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-request-id",
      ]),
      "The backend learns who asked, and under which id; host and protocol are what the balancer saw, whatever came",
    ).toEqual({
      "x-forwarded-for": "203.0.113.7, unknown",
      "x-forwarded-host": "system",
      "x-forwarded-proto": "http",
      "x-request-id": `id-${word}`,
    });
    expect(answer, "The backend's status comes back").toHaveStatus(404);
    expect(answer.text, "…and its body").toBe(`no ${word}`);
    const given = (name: string) => answer.headers.get(name);
    expect(
      {
        "x-from-backend": given("x-from-backend"),
        "set-cookie": given("set-cookie"),
        "x-inner": given("x-inner"),
        "x-request-id": given("x-request-id"),
      },
      "…and its headers, without those for one hop, with the id of the request",
    ).toEqual({
      "x-from-backend": word,
      "set-cookie": `seen=${word}; Path=/`,
      "x-inner": null,
      "x-request-id": `id-${word}`,
    });
    const ids = await Promise.all(
      ["", "a b", "x".repeat(65)].map(async (id) =>
        (await lab.get("/", { headers: { "x-request-id": id } }))
          .headers.get("x-request-id") ?? "none"
      ),
    );
    expect(
      ids.filter((made) => /^[\w.-]{8,64}$/.test(made)),
      `An id that is missing or makes no sense is replaced by one that does: ${
        ids.join(", ")
      }`,
    ).toHaveLength(3);
    expect(new Set(ids).size, "…a new one each time").toBe(3);
  });

  check("06.1c", {
    title: "passes bodies on while they come",
    kind: "api",
    hint:
      "Hand request.body and answer.body on as the streams that they are; text() and arrayBuffer() wait for the end.",
  }, async (lab) => {
    const id = lab.random.pick(BACKENDS);
    await setBackends(lab, { [id]: 1 });
    const backend = lab.upstream(id);
    backend.script([{ status: 200, pieces: ["down 1,", "down 2,", "down 3"] }]);
    using request = await lab.on(0).open("POST", "/upload");
    let sent = "";
    for (const piece of ["up 1,", "up 2,"]) {
      await request.write(piece);
      sent += piece;
      await lab.eventually(() => {
        failOnAnswer(request);
        expect(
          backend.arrivals.at(-1)?.received ?? "nothing",
          "The backend sees what was sent while the rest of the body is not sent yet",
        ).toBe(sent);
      }, { withinMs: 3000 });
    }
    await request.end();
    for (const piece of ["down 1,", "down 2,"]) {
      await lab.eventually(() =>
        expect(
          request.received,
          "The client sees what the backend has answered while the rest is not there yet",
        ).toMatch(piece), { withinMs: 3000 });
      if (piece === "down 1,") backend.release(1);
    }
    expect(backend.held, "The backend's last piece is still to come").toBe(1);
    backend.release();
    await request.ended;
    expect(request.received, "At last the whole answer is there")
      .toMatch("down 3");
  });

  check("06.1d", {
    title: "goes by the list that was put last, if it makes sense",
    kind: "api",
    hint:
      "Parse the whole list before you apply any of it; without a backend to ask say 503, when one breaks off 502.",
  }, async (lab) => {
    nameBackends(lab);
    const none = await lab.get("/x");
    expect(none, "Without any backend the answer is 503").toHaveStatus(503);
    expect(
      [none.json?.code, none.headers.get("retry-after")],
      "…that says why, and when to try again",
    ).toEqual(["no_backend", "1"]);
    const [first, second] = lab.random.shuffle(BACKENDS) as [string, string];
    await putBackends(lab, lab.on(0), { [first]: 2 });
    const list = await lab.get("/admin/backends");
    expect(list.json?.backends, "GET shows the list with its state")
      .toMatchObject([{ id: first, weight: 2, state: "up", inFlight: 0 }]);

    const etag = list.headers.get("etag") ?? "";
    const wrong: [body: unknown, status: number][] = [
      [{ backends: [{ id: second }, { id: "b9" }] }, 422],
      [{ backends: [{ id: second, weight: 0 }] }, 422],
      [{ backends: [{ id: second, weight: 1.5 }] }, 422],
      [{ backends: [{ id: second, weight: 101 }] }, 422],
      [{ backends: [{ id: second }, { id: second }] }, 422],
      [{ backends: [{ id: second, wieght: 2 }] }, 422],
      [{ backends: "b1" }, 400],
      [[{ id: second }], 400],
    ];
    for (const [body, status] of wrong) {
      const answer = await lab.put("/admin/backends", body, {
        headers: { "if-match": etag },
      });
      expect(answer, `${JSON.stringify(body)} is refused with ${status}`)
        .toHaveStatus(status);
    }
    expect(
      tally(await askInTurn(lab.on(0), 4)),
      "A list that was refused changes nothing",
    ).toEqual({ [first]: 4 });

    await putBackends(lab, lab.on(0), { [second]: 1 });
    expect(
      tally(await askInTurn(lab.on(0), 4)),
      "The very next request goes by a new list",
    ).toEqual({ [second]: 4 });
    await dropped(lab, second);
  });
});

/** A POST, because nobody may send it a second time. */
async function dropped(lab: Lab, id: string): Promise<void> {
  lab.upstream(id).script([{ drop: true }]);
  const answer = await lab.post("/x", "hello");
  expect(answer, "When the backend breaks off, the answer is 502")
    .toHaveStatus(502);
  expect(answer.json?.code, "…and says why").toBe("bad_gateway");
}

/** Polling for a body makes no sense any more once there is an answer. */
function failOnAnswer({ status, received }: {
  readonly status: number;
  readonly received: string;
}): void {
  if (status === 0) return;
  const detail = /"detail":"([^"]*)"/.exec(received)?.[1] ?? "";
  expect(`${status} ${detail}`, "No answer comes before the body is sent")
    .toBe("nothing yet");
}

function longestRun(names: readonly string[]): number {
  let longest = 0;
  let run = 0;
  names.forEach((name, index) => {
    run = name === names[index - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}
