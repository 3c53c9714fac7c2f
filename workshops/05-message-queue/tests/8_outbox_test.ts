import { describe } from "@std/testing/bdd";
import {
  check,
  expect,
  type Instance,
  type Lab,
  type Reaction,
  type Requester,
} from "@lab";

interface NewOrder {
  readonly reference: string;
  readonly email: string;
}

/** What may write: a statement, a call of a function, or the end of a transaction. */
const WRITE =
  /^\s*(commit|end)\b|\b(insert|update|delete|merge|call)\b|select\s+(\*\s+from\s+)?[\w.]+\s*\(/i;
const NOTIFY = /^\s*(notify|select\s+pg_notify)\b/i;

describe("05.8 Outbox and idempotent worker", () => {
  check("05.8a", {
    title:
      "has a mail for every order and an order for every mail, wherever it crashes",
    kind: "fault",
    hint:
      "Order and job are one transaction: with a step between them there is a place to die in.",
    instances: 2,
    config: { workers: "B" },
    timeoutMs: 120_000,
  }, async (lab) => {
    let order = newOrder(lab);
    await lab.crashSweep({
      pointsMax: 12,
      before: () => {
        order = newOrder(lab);
        return Promise.resolve();
      },
      operation: () => lab.post("/orders", order),
      verify: async () => {
        const retried = await lab.post("/orders", order);
        expect(
          retried,
          "After a crash the order can be placed, or is there already",
        ).toHaveStatus(201, 409);
        await lab.eventually(() => {
          expect(keysOf(lab, order), "Its mail is sent").not.toEqual([]);
        });
        await expectNoMoreJobs(lab);
        expect(
          keysOf(lab, order),
          "All mails of an order have one Idempotency-Key: its customer gets one",
        ).toHaveLength(1);
      },
    });
  });

  check("05.8b", {
    title: "sends nothing for an order that is not committed, or not accepted",
    kind: "race",
    hint:
      "A job that is visible before its order, or without it, is a mail about nothing: let one transaction make both visible.",
    instances: 2,
    config: { workers: "B" },
    timeoutMs: 30_000,
  }, async (lab) => {
    const order = newOrder(lab);
    const [taking, working] = [lab.on(0), lab.on(1)];
    const last = await lastWriteOfAnOrder(lab, taking);
    using gate = lab.holdNext(taking, "postgres", last);
    const placing = taking.post("/orders", order);
    let isAnswered = false;
    placing.then(() => isAnswered = true);
    await gate.reached;
    await expectNoMoreJobs(lab, working);
    if (isAnswered) {
      lab.inconclusive("Something else than the order's last write was held");
    }
    expect(
      mailsOf(lab, order),
      "While the order's last write is held, and others go through, no mail is sent",
    ).toHaveLength(0);
    gate.release();
    const placed = await placing;
    expect(placed, "Then the order is placed").toHaveStatus(201);
    await expectConfirmed(lab, placed.json?.id);

    const second = { ...newOrder(lab), reference: order.reference };
    const refused = await working.post("/orders", second);
    expect(refused, "A reference is good for one order").toHaveStatus(409);
    expect(refused.json?.code, "…and the answer says so")
      .toBe("duplicate_reference");
    await expectNoMoreJobs(lab);
    expect(mailsOf(lab, second), "A refused order sends no mail")
      .toHaveLength(0);
    expect(mailsOf(lab, order), "The accepted one has sent one")
      .toHaveLength(1);
  });

  check("05.8c", {
    title: "tries again when provider or worker fails, with the same key",
    kind: "fault",
    hint:
      "First the mail, then the ack; and a second try has the key of the first, so that the provider knows it.",
    instances: 2,
    config: { workers: "AB" },
    timeoutMs: 20_000,
  }, async (lab) => {
    const order = newOrder(lab);
    const email = lab.upstream("email");
    let reaction: Reaction = { drop: true };
    email.script(
      [],
      ({ body }) => body.includes(order.email) ? reaction : { status: 200 },
    );
    const id = await placeOrder(lab, order);
    await expectMails(lab, order, 1);
    for (const next of [{ status: 500 }, { status: 200, hold: true }]) {
      await expectNoMoreJobs(lab);
      const { json } = await lab.get(`/orders/${id}`);
      expect(json?.status, "A mail that failed confirms nothing")
        .toBe("placed");
      reaction = next;
      await expectRetry(lab, order);
    }
    const { instance } = mailsOf(lab, order).at(-1)!;
    const victim = lab.instances.find(({ name }) => name === instance)!;
    const tries = mailsOf(lab, order).length;
    // Whatever the dying worker held may be free at once, and the other one's.
    reaction = { status: 200 };
    await victim.kill();
    email.release();
    await victim.restart();
    await expectRetry(lab, order, tries + 1);
    await expectConfirmed(lab, id);
    expect(keysOf(lab, order), "Every try has the same Idempotency-Key")
      .toHaveLength(1);
    const { headers, method, path, body } = mailsOf(lab, order)[0]!;
    expect(`${method} ${path}`, "The provider is asked at its address")
      .toBe("POST /send");
    expect(headers.get("content-type"), "…in JSON")
      .toMatch(/^application\/json/);
    expect(JSON.parse(body), "…for this customer and order")
      .toEqual({ to: order.email, orderId: id });
  });

  check("05.8d", {
    title: "confirms an order whose mail is sent, though its worker dies then",
    kind: "fault",
    hint:
      "Done is what is noted: first confirm the order, then ack, or do both in one transaction.",
    instances: 2,
    config: { workers: "B" },
    timeoutMs: 20_000,
  }, async (lab) => {
    const order = newOrder(lab);
    const email = lab.upstream("email");
    const working = lab.on(1);
    email.script([], { status: 200, hold: true });
    const id = await placeOrder(lab, order);
    await expectMails(lab, order, 1);
    using written = lab.holdNextReply(working, "postgres", WRITE);
    email.script([]);
    email.release();
    await written.reached;
    await working.kill();
    written.release();
    await working.restart();
    await lab.clock.advance(61_000);
    await expectConfirmed(
      lab,
      id,
      "An order is confirmed, though its worker died after the first write that follows the mail",
    );
    expect(keysOf(lab, order), "…and its mails have one Idempotency-Key")
      .toHaveLength(1);
  });
});

function newOrder(lab: Lab): NewOrder {
  return {
    reference: `r-${lab.random.word(12)}`,
    email: `${lab.random.word(12)}@example.com`,
  };
}

function mailsOf(lab: Lab, { email }: NewOrder) {
  return lab.upstream("email").calls.filter(({ body }) => body.includes(email));
}

/** The different keys with which an order's mails were sent. */
function keysOf(lab: Lab, order: NewOrder): string[] {
  const keys = mailsOf(lab, order).map(({ headers }) =>
    headers.get("idempotency-key")
  );
  for (const key of keys) {
    expect(typeof key, "Each mail has an Idempotency-Key").toBe("string");
  }
  return [...new Set(keys as string[])];
}

async function expectMails(
  lab: Lab,
  order: NewOrder,
  tries: number,
  withinMs?: number,
): Promise<void> {
  await lab.eventually(() => {
    expect(mailsOf(lab, order).length, `Try ${tries} reaches the provider`)
      .toBeGreaterThanOrEqual(tries);
  }, { withinMs });
}

/** One more mail than there are: at once, after a minute, or after two if the worker notes its failure late. */
async function expectRetry(
  lab: Lab,
  order: NewOrder,
  tries = mailsOf(lab, order).length + 1,
): Promise<void> {
  for (let minutes = 0; minutes < 2; minutes++) {
    const isThere = await expectMails(lab, order, tries, 500)
      .then(() => true, () => false);
    if (isThere) return;
    await lab.clock.advance(61_000);
  }
  await expectMails(lab, order, tries);
}

async function expectConfirmed(
  lab: Lab,
  id: string,
  rule = "An order is confirmed when its mail is sent",
): Promise<void> {
  await lab.eventually(async () => {
    const { json } = await lab.get(`/orders/${id}`);
    expect(json?.status, rule).toBe("confirmed");
  });
}

/** Matches the last write that an order costs: its COMMIT, or its one statement. Who is told or reads it then is free. */
async function lastWriteOfAnOrder(
  lab: Lab,
  taking: Instance,
): Promise<RegExp> {
  lab.mark();
  await placeOrder(taking, newOrder(lab));
  const sent = lab.trace.filter(({ instance, kind, durationMs }) =>
    instance === taking.name && kind === "postgres" && durationMs === undefined
  );
  const last =
    sent.findLast(({ text }) => WRITE.test(text) && !NOTIFY.test(text)) ??
      sent.at(-1);
  if (last === undefined) lab.inconclusive("An order cost no SQL");
  // The next order has other values in it, and a long text was cut.
  const [beginning] = last.text.replace(/…$/, "").split("'");
  return new RegExp(`^\\s*${RegExp.escape(beginning!.trim())}`);
}

/** A positive marker: an order that is placed now is confirmed, so what was due before it has had its turn. */
async function expectNoMoreJobs(lab: Lab, on: Requester = lab): Promise<void> {
  await expectConfirmed(lab, await placeOrder(on, newOrder(lab)));
}

async function placeOrder(on: Requester, order: NewOrder): Promise<string> {
  const placed = await on.post("/orders", order);
  expect(placed, "An order is placed with 201").toHaveStatus(201);
  return placed.json?.id;
}
