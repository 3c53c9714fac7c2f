import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { Doorbell } from "./doorbell.ts";

const NEVER = new AbortController().signal;

describe("Doorbell", () => {
  it("wakes who waits", async () => {
    const bell = new Doorbell();
    const waiting = bell.wait(10_000, NEVER);
    bell.ring();
    expect(await waiting).toBe(true);
  });

  it("keeps a ring until somebody waits, once", async () => {
    const bell = new Doorbell();
    bell.ring();
    bell.ring();
    expect(await bell.wait(10_000, NEVER)).toBe(true);
    expect(await bell.wait(1, NEVER)).toBe(false);
  });

  it("gives up when the waiter does", async () => {
    const end = new AbortController();
    const bell = new Doorbell();
    const waiting = bell.wait(10_000, end.signal);
    end.abort();
    expect(await waiting).toBe(false);
    expect(await bell.wait(10_000, end.signal)).toBe(false);
  });
});
