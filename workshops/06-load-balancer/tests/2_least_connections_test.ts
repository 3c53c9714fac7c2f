import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import {
  HOLD,
  named,
  sendAndHold,
  setBackends,
  shown,
  threeOf,
  untilIdle,
} from "./balancer.ts";

describe("06.2 Least connections", () => {
  check("06.2a", {
    title: "asks whoever has the fewest requests under way",
    kind: "api",
    hint:
      "Count a request in when you choose, not when its answer begins; compare inFlight ÷ weight; keep counts across edits.",
    config: { balance: "least_connections" },
  }, async (lab) => {
    const [first, second, third] = threeOf(lab);
    const held = () =>
      [first, second, third].map((id) => lab.upstream(id).held);
    for (const id of [first, second, third]) lab.upstream(id).script([], HOLD);
    await setBackends(lab, { [first]: 1 });
    const crowd = await sendAndHold(lab, 20, [first]);
    const all = { [first]: 1, [second]: 1, [third]: 1 };
    await setBackends(lab, all);
    const others = await sendAndHold(lab, 20, [first, second, third]);
    expect(
      held(),
      "With 20 requests under way at one of three, the next 20 go to the two others, evenly",
    ).toEqual([20, 10, 10]);
    for (const id of [first, second, third]) lab.upstream(id).release();
    await Promise.all([...crowd, ...others]);
    await untilIdle(lab, [first, second, third]);

    await setBackends(lab, { [second]: 2, [third]: 1 });
    const weighted = await sendAndHold(lab, 30, [second, third]);
    expect(held(), "Weight 2 carries twice as many as weight 1")
      .toEqual([0, 20, 10]);
    for (const id of [second, third]) lab.upstream(id).release();
    await Promise.all(weighted);
  });

  check("06.2b", {
    title: "counts a request from its choice to the last byte, however it ends",
    kind: "api",
    hint:
      "An answer is over when its body was read to the end, broke off, or is not wanted any more (cancel); a client can hang up at any time (request.signal).",
    config: { balance: "least_connections" },
  }, async (lab) => {
    const [first, second] = threeOf(lab);
    const backend = lab.upstream(first);
    await setBackends(lab, { [first]: 1 });

    backend.script([{ status: 200, pieces: ["some,", "more"] }]);
    using download = await lab.on(0).open("GET", "/big", { hasBody: false });
    await lab.eventually(() =>
      expect(download.received, "An answer is passed on as it comes")
        .toMatch("some,")
    );
    expect(
      (await shown(lab.on(0), first)).inFlight,
      "A request whose answer is still coming is under way",
    ).toBe(1);
    backend.release();
    await download.ended;
    await untilIdle(lab, [first]);

    backend.script([{ status: 200, pieces: ["some,", "more"] }]);
    using broken = await lab.on(0).open("GET", "/big", { hasBody: false });
    await lab.eventually(() =>
      expect(broken.received, "An answer is passed on as it comes")
        .toMatch("some,")
    );
    lab.cut({ upstream: first }).heal();
    await untilIdle(lab, [first]);
    backend.release();

    backend.script([
      { status: 204 },
      { status: 500, body: "broken" },
      { status: 304 },
      { drop: true },
    ]);
    const ends = [204, 500, 304, 502];
    for (const status of ends) {
      const answer = await lab.post("/x", "hello");
      expect(answer, `The answer is ${status}`).toHaveStatus(status);
    }
    await untilIdle(lab, [first]);

    backend.script([HOLD, { status: 200, pieces: ["some,", "more"] }]);
    const waiting = await lab.on(0).open("GET", "/held", { hasBody: false });
    await lab.eventually(() =>
      expect(backend.held, "A request reaches the backend").toBe(1)
    );
    const reading = await lab.on(0).open("GET", "/big", { hasBody: false });
    await lab.eventually(() =>
      expect(
        reading.received,
        "The client has the first piece before there is a second",
      ).toMatch("some,")
    );
    const sending = await lab.on(0).open("POST", "/upload");
    await sending.write("half of");
    await lab.eventually(() =>
      expect(
        backend.arrivals.at(-1)?.received,
        "The backend has the first half before there is a second",
      ).toBe("half of")
    );
    for (const client of [waiting, reading, sending]) client.close();
    await untilIdle(lab, [first]);
    backend.release();

    for (const id of [first, second]) lab.upstream(id).script([], HOLD);
    await setBackends(lab, { [first]: 1, [second]: 1 });
    const crowd = await sendAndHold(lab, 10, [first, second]);
    expect(
      [backend.held, lab.upstream(second).held],
      "After all that a backend is as idle as one that was never asked",
    ).toEqual([5, 5]);
    for (const id of [first, second]) lab.upstream(id).release();
    await Promise.all(crowd);
  });

  check("06.2c", {
    title: "with two draws never asks the busiest of three",
    kind: "api",
    hint:
      "power_of_two: draw two different backends, ask the idler one. Drawn with replacement the busiest can meet itself.",
    config: { balance: "power_of_two" },
  }, async (lab) => {
    const [busy, middle, free] = threeOf(lab);
    for (const id of [busy, middle]) lab.upstream(id).script([], HOLD);
    await setBackends(lab, { [busy]: 1 });
    const crowd = await sendAndHold(lab, 20, [busy]);
    await setBackends(lab, { [busy]: 1, [middle]: 1 });
    crowd.push(...await sendAndHold(lab, 9, [busy, middle]));
    expect(
      lab.upstream(middle).held,
      "Of two backends both are drawn: 9 requests go to the idler one",
    ).toBe(9);
    await setBackends(lab, { [busy]: 1, [middle]: 1, [free]: 1 });
    for (const id of [busy, middle, free]) {
      lab.upstream(id).script([], named(id));
    }
    const asked = { [busy]: 0, [middle]: 0, [free]: 0 };
    // Four at a time: the free one never gets as busy as the middle one.
    for (let round = 0; round < 20; round++) {
      for (const answer of await lab.burst(4, () => lab.get("/x"))) {
        expect(answer, "A request is answered").toHaveStatus(200);
        asked[answer.json.backend]! += 1;
      }
    }
    expect(asked[busy], "The busiest of three is never the idler of two")
      .toBe(0);
    // Missed by an honest draw with probability (2/3)^80 = 8e-15.
    expect(
      Math.min(asked[middle]!, asked[free]!),
      `The middle one is asked too, when it was drawn with the busiest; of 80 requests the two others got ${
        asked[middle]
      } and ${asked[free]}`,
    ).toBeGreaterThan(0);
    for (const id of [busy, middle]) lab.upstream(id).release();
    await Promise.all(crowd);
  });
});
