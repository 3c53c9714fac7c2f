import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryFolder } from "../testdata/temporary_folder.ts";
import { watchFiles } from "./watch_files.ts";

/** Resolves at the next call; a test that waits in vain ends by its own time limit. */
function nextCall() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { called: promise, call: () => resolve() };
}

describe("watchFiles()", () => {
  it("tells of a save", async () => {
    await using folder = await temporaryFolder({ "system.ts": "1" });
    const { called, call } = nextCall();
    using watch = await watchFiles(folder.dir, { onChange: call });
    expect(["events", "polling"]).toContain(watch.mode);
    await folder.write("system.ts", "saved");
    await called;
  });

  it("falls back to looking where the system tells of nothing", async () => {
    await using folder = await temporaryFolder({ "system.ts": "1" });
    await using elsewhere = await temporaryFolder();
    const { called, call } = nextCall();
    using watch = await watchFiles(folder.dir, {
      onChange: call,
      watchFs: () => Deno.watchFs(elsewhere.dir),
    });
    expect(watch.mode).toBe("polling");
    await folder.write("system.ts", "saved");
    await called;
  });

  it("falls back to looking where there is no watcher at all", async () => {
    await using folder = await temporaryFolder({ "a/b.ts": "1" });
    const { called, call } = nextCall();
    using watch = await watchFiles(folder.dir, {
      onChange: call,
      watchFs: () => {
        throw new Error("Too many watchers");
      },
    });
    expect(watch.mode).toBe("polling");
    await folder.write("a/b.ts", "saved");
    await called;
  });

  it("goes on when a folder is taken away while it looks", async () => {
    await using folder = await temporaryFolder({ "a/b.ts": "1" });
    let onChange = () => {};
    using _watch = await watchFiles(folder.dir, { onChange: () => onChange() });
    const removal = nextCall();
    onChange = removal.call;
    await Deno.remove(join(folder.dir, "a"), { recursive: true });
    await removal.called;
    const save = nextCall();
    onChange = save.call;
    await Deno.mkdir(join(folder.dir, "a"));
    await folder.write("a/b.ts", "back");
    await save.called;
  });

  it("does not take its own probe for a save", async () => {
    await using folder = await temporaryFolder({ "system.ts": "1" });
    let calls = 0;
    const { called, call } = nextCall();
    using _watch = await watchFiles(folder.dir, {
      onChange: () => (calls++, call()),
    });
    await folder.write("system.ts", "saved");
    await called;
    expect(calls).toBe(1);
  });
});
