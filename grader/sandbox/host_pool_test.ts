import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openHostPool } from "./host_pool.ts";
import { openTestHost } from "./open_test_host.ts";

describe("openHostPool()", () => {
  it("hands out one host after the other and ends those left", async () => {
    await using sandbox = await openTestHost("well_behaved");
    const { instanceDir, dataDir } = sandbox;
    const url = new URL("testdata/well_behaved", import.meta.url);
    const submissionDir = url.pathname;
    const floor = "local";
    const options = { floor, submissionDir, instanceDir, dataDir } as const;
    const pool = openHostPool(options, 1);
    const first = pool.take();
    expect(await first.load(sandbox.init())).toEqual({ status: "listening" });
    await first.kill();
    const second = pool.take();
    expect(second.pid).not.toBe(first.pid);
    expect(await second.load(sandbox.init())).toEqual({ status: "listening" });
    const third = pool.take();
    await pool[Symbol.asyncDispose]();
    expect(await sandbox.get("/")).toMatch(/^200/);
    await second.kill();
    await third.kill();
    expect(() => pool.take()).toThrow("The pool of hosts is closed");
  });
});
