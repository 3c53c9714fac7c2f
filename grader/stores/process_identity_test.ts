import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { isRunning, pidOf, processIdentity } from "./process_identity.ts";

describe("processIdentity()", () => {
  it("stays the same while a process runs", async () => {
    const identity = await processIdentity(Deno.pid);
    expect(identity).toBe(await processIdentity(Deno.pid));
    expect(pidOf(identity!)).toBe(Deno.pid);
    expect(await isRunning(identity!)).toBe(true);
  });

  it("is undefined once the process has ended", async () => {
    const child = new Deno.Command("true").spawn();
    await child.status;
    expect(await processIdentity(child.pid)).toBeUndefined();
  });

  it("tells a process from a later one with the same pid", async () => {
    expect(await isRunning(`${Deno.pid}.1`)).toBe(false);
  });
});
