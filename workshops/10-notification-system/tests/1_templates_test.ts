import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";
import { deliveryOf, notify, orderOf, putTemplate } from "./notifications.ts";

describe("10.1 Templates", () => {
  check("10.1a", {
    title: "writes each value as its field demands",
    kind: "api",
    hint:
      "HTML escapes & < > \" ', subject and title stay one line, text stays as it is; and a value is never read as a template.",
  }, async (lab) => {
    const word = lab.random.word(5);
    const name = `O'Hara & <b>"${word}"</b>`;
    const note = `$& $1 {{name}}\n\r\nBcc: ${word}@example.com\rX: y`;
    const template = await putTemplate(lab, {
      content: {
        email: {
          subject: "For {{name}}: {{note}}",
          html: "<p>{{name}}, {{ name }}</p><i>{{note}}</i> & {{2fa_code}}",
        },
        sms: { text: "{{name}}: {{note}} ({{2fa_code}})" },
        push: { title: "{{note}}", body: "<{{name}}>" },
      },
    });
    const order = orderOf(lab, {
      template,
      channels: ["push", "email", "sms"],
      data: { name, note, "2fa_code": 0 },
    });
    const id = await notify(lab, order);

    const { json } = await lab.get(`/notifications/${id}`);
    expect(json, "GET shows which it is, for whom, and how urgent")
      .toMatchObject({ id, user: order.user, priority: "normal" });
    const deliveries: { channel: string; message: unknown }[] = json.deliveries;
    expect(
      deliveries.map(({ channel }) => channel),
      "The channels stand in the order in which they were asked for",
    ).toEqual(["push", "email", "sms"]);
    const [push, email, sms] = deliveries.map(({ message }) => message);
    const inHtml = `O&#39;Hara &amp; &lt;b&gt;&quot;${word}&quot;&lt;/b&gt;`;
    const inLine = `$& $1 {{name}} Bcc: ${word}@example.com X: y`;
    expect(sms, "A text message has the values as they are")
      .toEqual({ text: `${name}: ${note} (0)` });
    expect(
      email,
      "In HTML values are escaped, in a subject they stay on one line",
    ).toEqual({
      subject: `For ${name}: ${inLine}`,
      html: `<p>${inHtml}, ${inHtml}</p><i>${
        note.replace("&", "&amp;")
      }</i> & 0`,
    });
    expect(push, "A title is one line and no HTML, nor is the body")
      .toEqual({ title: inLine, body: `<${name}>` });
  });

  check("10.1b", {
    title: "refuses what it could not render, before it says 202",
    kind: "api",
    hint:
      "Every placeholder of the channels asked for must be in data itself: Object.hasOwn.",
  }, async (lab) => {
    const template = await putTemplate(lab, {
      content: {
        email: { subject: "Hi", html: "{{first}} {{constructor}}" },
        sms: { text: "{{first}}" },
      },
    });
    const order = orderOf(lab, {
      template,
      channels: ["sms"],
      data: { first: lab.random.word() },
    });
    const rows: [change: object, code: string, what: string][] = [
      [{ data: {} }, "missing_variable", "data without a needed variable"],
      [
        { channels: ["sms", "email"] },
        "missing_variable",
        "{{constructor}} that is not in data itself",
      ],
      [{ channels: ["push"] }, "missing_channel", "a template without push"],
      [{ template: "nobody" }, "unknown_template", "an unknown template"],
    ];
    for (const [change, code, what] of rows) {
      const rule = `A notification is refused for ${what}: 422, ${code}`;
      const answer = await lab.post("/notifications", { ...order, ...change });
      expect(answer, rule).toHaveStatus(422);
      expect(answer.json?.code, rule).toBe(code);
    }
    await notify(lab, order);
    const missing = await lab.get("/notifications/nobody");
    expect(missing, "There is no such notification").toHaveStatus(404);
  });

  check("10.1c", {
    title: "finds the nearest locale",
    kind: "api",
    hint: "de-AT, then de, then en; each with its own newest version.",
  }, async (lab) => {
    const text = (greeting: string) => ({ sms: { text: greeting } });
    const template = await putTemplate(lab, { content: text("Hello") });
    await putTemplate(lab, {
      name: template,
      locale: "de",
      content: text("Hallo"),
    });
    await putTemplate(lab, {
      name: template,
      locale: "de-AT",
      content: text("Servus"),
    });
    await putTemplate(lab, { name: template, content: text("Hi") });
    const rows: [locale: string, text: string, found: string][] = [
      ["de-AT", "Servus", "de-AT"],
      ["de-CH", "Hallo", "de"],
      ["de", "Hallo", "de"],
      ["fr-FR", "Hi", "en"],
      ["en-GB", "Hi", "en"],
    ];
    for (const [locale, greeting, found] of rows) {
      const id = await notify(
        lab,
        orderOf(lab, { template, channels: ["sms"], locale }),
      );
      const { json } = await lab.get(`/notifications/${id}`);
      const rule = `A user with ${locale} is addressed in ${found}`;
      expect(json.deliveries[0].message, rule).toEqual({ text: greeting });
      expect(json.template, `${rule}, and GET says so`).toEqual({
        name: template,
        locale: found,
        version: found === "en" ? 2 : 1,
      });
    }
    const foreign = await putTemplate(lab, {
      locale: "de",
      content: text("Hallo"),
    });
    const answer = await lab.post(
      "/notifications",
      orderOf(lab, { template: foreign, channels: ["sms"], locale: "fr" }),
    );
    expect(answer, "Neither fr nor en: nothing to fall back on")
      .toHaveStatus(422);
  });

  check("10.1d", {
    title: "sends what was accepted, however the template changes",
    kind: "pg",
    hint:
      "Templates and notifications live in Postgres; render when you accept, or remember the version and keep old ones.",
    instances: 2,
  }, async (lab) => {
    const text = (greeting: string) => ({
      sms: { text: `${greeting} {{name}}` },
    });
    const template = await putTemplate(lab, { content: text("Hello") });
    const order = orderOf(lab, { template, channels: ["sms"] });
    const name = order.data!.name;
    const early = await notify(lab.on(1), order);

    const path = `/templates/${template}/en`;
    const edited = await lab.on(1).put(path, text("Bye"));
    expect(edited, "An edit makes a new version").toHaveStatus(200);
    expect(edited.json, "…and says which").toEqual({
      name: template,
      locale: "en",
      version: 2,
      content: text("Bye"),
    });
    const stored = await lab.get(path);
    expect(stored.json, "GET shows the newest version").toEqual(edited.json);
    const again = { template, channels: ["sms"], data: { name } } as const;
    const late = await notify(lab, orderOf(lab, again));
    // The first instance has read the second version by now.
    expect(await lab.on(1).put(path, text("Ciao")), "It is edited once more")
      .toHaveStatus(200);
    const last = await notify(lab, orderOf(lab, again));

    const rows: [id: string, greeting: string, rule: string][] = [
      [early, "Hello", "What was accepted before stays as it was"],
      [late, "Bye", "…also when the other instance has edited it since"],
      [last, "Ciao", "What is accepted later has the newest text"],
    ];
    for (const instance of lab.instances) {
      for (const [id, greeting, rule] of rows) {
        const { message } = await deliveryOf(instance, id);
        expect(message.text, rule).toBe(`${greeting} ${name}`);
      }
    }
  });

  check("10.1e", {
    title: "gives each of many edits a version of its own",
    kind: "race",
    hint:
      "SELECT max(version) and INSERT … + 1 have a gap between them: let the primary key decide, and try again.",
    instances: 2,
  }, async (lab) => {
    const EDITS = 12;
    const template = await putTemplate(lab);
    const texts = Array.from({ length: EDITS }, () => lab.random.word());
    const answers = await lab.holdWrites(
      "postgres",
      () =>
        lab.burst(
          EDITS,
          (index) =>
            lab.on(index).put(`/templates/${template}/en`, {
              sms: { text: texts[index] },
            }),
        ),
    );
    expect(answers.statuses, "Every edit is taken").toEqual({ 200: EDITS });
    const versions = answers.map(({ json }) => json?.version);
    expect(
      versions.toSorted((a, b) => a - b),
      `${EDITS} edits of version 1 at once are versions 2 to ${EDITS + 1}`,
    ).toEqual(Array.from({ length: EDITS }, (_, index) => index + 2));
    const { json } = await lab.get(`/templates/${template}/en`);
    expect(json?.content?.sms?.text, "The text belongs to its version")
      .toBe(texts[versions.indexOf(EDITS + 1)]);
  });

  check("10.1f", {
    title: "sets up its tables, however many instances start at once",
    kind: "pg",
    hint:
      "CREATE TABLE IF NOT EXISTS looks first and creates then; two can look at the same moment.",
    instances: 2,
  }, async (lab) => {
    await putTemplate(lab);
    await lab.setUpTogether();
    const template = await putTemplate(lab);
    const order = orderOf(lab, { template, channels: ["sms"] });
    const id = await notify(lab.on(1), order);
    const { message } = await deliveryOf(lab.on(0), id);
    expect(message, "After a start in the same moment both instances work")
      .toEqual({ text: `Hello ${order.data!.name}` });
  });
});
