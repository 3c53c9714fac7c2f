import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import { type Callback, callBack, callbackAbout } from "./callbacks.ts";
import {
  callsTo,
  CHANNELS,
  deliveryOf,
  notify,
  orderOf,
  passMarker,
  putTemplate,
  untilStatus,
} from "./notifications.ts";

const LEASE_MS = 60_000;

describe("10.2 Outbox and tracking", () => {
  check("10.2a", {
    title: "answers first and sends later, what it has shown",
    kind: "api",
    hint:
      "Store and answer 202; a worker of your own finds what is stored and calls the provider.",
  }, async (lab) => {
    const template = await putTemplate(lab);
    for (const channel of CHANNELS) {
      const provider = lab.upstream(channel);
      provider.script([], { status: 202, hold: true });
      const others = CHANNELS.filter((other) => other !== channel);
      const order = orderOf(lab, { template, channels: [channel, ...others] });
      const id = await notify(lab, order);
      await lab.eventually(() =>
        expect(
          callsTo(lab, channel, order.user).length,
          `Once it is accepted, ${channel} is called`,
        ).toBe(1)
      );
      const call = callsTo(lab, channel, order.user)[0]!;
      const { message, status } = await deliveryOf(lab, id);
      expect(status, "While the provider has not answered, it is queued")
        .toBe("queued");
      expect(`${call.method} ${call.path}`, "The provider gets one message")
        .toBe("POST /messages");
      expect(JSON.parse(call.body), "…for the user, as it was shown")
        .toEqual({ to: order.user, ...message });
      expect(
        call.headers.get("idempotency-key"),
        "…under a key that names it",
      ).toEqual(expect.stringMatching(/./));

      provider.release();
      const sent = await untilStatus(lab, id, { status: "sent" });
      expect(sent.attempts, "One call was made").toBe(1);
      expect(sent.nextAttemptAt, "…and there is no next one").toBe(null);
      expect(
        sent.events.map((event) => event.status),
        "The timeline shows what happened, in order",
      ).toEqual(["queued", "sent"]);
      for (const other of others) {
        const { status } = await deliveryOf(lab, id, other);
        expect(status, "The other channels stand by").toBe("standby");
        expect(callsTo(lab, other, order.user), "…and are not called")
          .toHaveLength(0);
      }
    }
  });

  check("10.2b", {
    title: "sends what it has accepted, though it was killed",
    kind: "fault",
    hint:
      "Nothing may live in memory only: work is a row, and who takes it has it for leaseMs, after which somebody else may.",
    config: { workers: 2 },
  }, async (lab) => {
    const template = await putTemplate(lab);
    const email = lab.upstream("email");
    email.script([], { status: 202, hold: true });
    const orders = Array.from(
      { length: 6 },
      () => orderOf(lab, { template, channels: ["email"] }),
    );
    const ids: string[] = [];
    for (const order of orders) ids.push(await notify(lab, order));
    await lab.eventually(() =>
      expect(email.held, "Both workers call the provider")
        .toBeGreaterThanOrEqual(2)
    );
    await lab.on(0).kill();
    email.script([], { status: 202 });
    email.release(); // These answers reach nobody any more.
    await lab.on(0).restart();
    await lab.clock.advance(LEASE_MS + 1000);
    for (const [index, id] of ids.entries()) {
      await untilStatus(lab, id, { status: "sent" });
      expect(
        callsTo(lab, "email", orders[index]!.user).length,
        "What was answered with 202 before the kill is sent",
      ).toBeGreaterThan(0);
    }
  });

  check("10.2c", {
    title: "believes signed callbacks, and only moves forward",
    kind: "pg",
    hint:
      "queued → sent → delivered → opened; bounced ends it before delivered. UPDATE … WHERE status IN (those that come before).",
  }, async (lab) => {
    const template = await putTemplate(lab);
    const first = await sent(lab, template);
    const ways = {
      "signed with another secret": { secret: "whsec_c29tZWJvZHktZWxzZQ==" },
      "six minutes old": { ageMs: 6 * 60_000 },
      "changed after it was signed": {
        change: (body: string) => body.replace("delivered", "opened"),
      },
    };
    for (const [what, way] of Object.entries(ways)) {
      const forged = await callBack(lab, first.callback("delivered"), way);
      expect(forged, `A callback that is ${what} is refused with 401`)
        .toHaveStatus(401);
    }
    const strange = { key: "nobody", status: "clicked" };
    for (const [field, value] of Object.entries(strange)) {
      const answer = await callBack(lab, {
        ...first.callback("delivered"),
        [field]: value,
      });
      expect(answer, `A callback with an unknown ${field} is 204`)
        .toHaveStatus(204);
    }
    const nowhere = { ...first.callback("delivered"), channel: "fax" };
    expect(
      await callBack(lab, nowhere as Callback),
      "A callback for a channel that there is not is 404",
    ).toHaveStatus(404);
    const untouched = await deliveryOf(lab, first.id);
    expect(untouched.status, "None of these changes anything").toBe("sent");

    const story = ["delivered", "delivered", "bounced", "opened", "delivered"];
    const second = await sent(lab, template);
    const third = await sent(lab, template);
    const rows: [typeof first, string[], string[]][] = [
      [first, story, ["queued", "sent", "delivered", "opened"]],
      [second, ["opened", "delivered", "bounced"], [
        "queued",
        "sent",
        "opened",
      ]],
      [third, ["bounced", "delivered", "opened"], [
        "queued",
        "sent",
        "bounced",
      ]],
    ];
    for (const [{ id, callback }, statuses, expected] of rows) {
      for (const status of statuses) {
        const answer = await callBack(lab, callback(status as "opened"));
        expect(answer, "A signed callback is taken, also a late one")
          .toHaveStatus(204);
      }
      const delivery = await deliveryOf(lab, id);
      expect(
        delivery.events.map((event) => event.status),
        `Callbacks ${statuses.join(", ")}: only those that lead forward count`,
      ).toEqual(expected);
      expect(delivery.status, "The status is that of the last event")
        .toBe(expected.at(-1));
    }
  });

  check("10.2d", {
    title: "hears a callback that overtakes the provider's own answer",
    kind: "pg",
    hint:
      'The worker\'s "sent" is a transition as well: it may only follow queued.',
  }, async (lab) => {
    const template = await putTemplate(lab);
    const push = lab.upstream("push");
    push.script([{ status: 202, hold: true }]);
    const order = orderOf(lab, { template, channels: ["push"] });
    const id = await notify(lab, order);
    await lab.eventually(() =>
      expect(push.held, "The provider is called").toBe(1)
    );
    const [call] = callsTo(lab, "push", order.user);
    const answer = await callBack(
      lab,
      callbackAbout(call!, { channel: "push", status: "delivered" }),
    );
    expect(answer, "The callback comes before the answer").toHaveStatus(204);
    const early = await deliveryOf(lab, id);
    expect(early.status, "…and is believed").toBe("delivered");

    push.release();
    await passMarker(lab, { template, channel: "push" });
    await passMarker(lab, { template, channel: "push" });
    await lab.eventually(async () => {
      const { attempts } = await deliveryOf(lab, id);
      expect(attempts, "The call has ended and is counted all the same")
        .toBe(1);
    });
    const { status, events } = await deliveryOf(lab, id);
    expect(status, "The answer that comes later does not turn it back")
      .toBe("delivered");
    expect(events.at(-1)?.status, "…nor does the timeline go back")
      .toBe("delivered");
  });

  check("10.2e", {
    title: "keeps one timeline, however many callbacks come at once",
    kind: "race",
    hint:
      "Reading the status and writing it are two steps: compare and write in one UPDATE.",
    instances: 2,
  }, async (lab) => {
    const template = await putTemplate(lab);
    const { id, callback } = await sent(lab, template);
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(20, (index) =>
          callBack(
            lab,
            callback(index % 2 === 0 ? "opened" : "delivered"),
            { on: lab.on(index >> 1) },
          )),
    );
    expect(answers.statuses, "Each callback is taken").toEqual({ 204: 20 });
    const { status, events } = await deliveryOf(lab, id);
    expect(status, "Delivered and opened ten times each: opened").toBe(
      "opened",
    );
    const seen = events.map((event) => event.status);
    const forward = ["queued", "sent", "delivered", "opened"]
      .filter((status) => seen.includes(status));
    expect(seen, "…and the timeline has each step once, in order")
      .toEqual(forward);
  });
});

/** A notification that its provider has taken, and how that provider calls back. */
async function sent(lab: Lab, template: string) {
  const order = orderOf(lab, { template, channels: ["email"] });
  const id = await notify(lab, order);
  await untilStatus(lab, id, { status: "sent" });
  const [call] = callsTo(lab, "email", order.user);
  const callback = (status: Callback["status"]) =>
    callbackAbout(call!, { channel: "email", status });
  return { id, callback };
}
