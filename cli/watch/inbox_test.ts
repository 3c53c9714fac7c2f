import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Inbox } from "./inbox.ts";

describe("Inbox", () => {
  it("gives the last item put in, once", async () => {
    const inbox = new Inbox<string>();
    inbox.put("first");
    inbox.put("second");
    expect((await inbox.take()).item).toBe("second");
    const next = inbox.take();
    inbox.put("third");
    expect((await next).item).toBe("third");
  });

  it("ends the work under way when something else is to be done", async () => {
    const inbox = new Inbox<string>();
    inbox.put("run");
    const { signal } = await inbox.take();
    expect(signal.aborted).toBe(false);
    inbox.put("run again");
    expect(signal.aborted).toBe(true);
    expect((await inbox.take()).signal.aborted).toBe(false);
  });
});
