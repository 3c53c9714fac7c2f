import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { startFixture } from "../../testdata/start_fixture.ts";
import { waitFor } from "../../testdata/wait_for.ts";
import { createApi } from "../api.ts";
import { createContact } from "./session.ts";

describe("createContact()", () => {
  it("knocks until the server is back", async () => {
    const fixture = startFixture();
    const contact = createContact(() => api.health(), 10);
    const api = createApi({ baseUrl: fixture.url, onContact: contact.report });

    await fixture.stop();
    await api.workshops().catch(() => {});
    const whileAway = contact.isReached.value;
    fixture.start();
    await waitFor(contact.isReached, (isReached) => isReached);

    expect(whileAway).toBe(false);
    await fixture.stop();
  });
});
