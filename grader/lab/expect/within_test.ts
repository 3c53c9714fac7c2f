import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { within } from "./within.ts";

describe("within()", () => {
  it("gives what the promise comes to", async () => {
    expect(await within(60_000, Promise.resolve("here"))).toBe("here");
  });

  it("gives undefined when it does not come in time", async () => {
    const never = new Promise<string>(() => {});
    expect(await within(1, never)).toBeUndefined();
  });

  it("rejects as the promise does", async () => {
    await expect(within(60_000, Promise.reject(new Error("broken"))))
      .rejects.toThrow("broken");
  });
});
