import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openKit } from "./testdata/open_kit.ts";
import { until } from "./testdata/until.ts";

describe("start()", { concurrency: false }, () => {
  it("serves page and grader, and ends with all its processes on Ctrl-C", async () => {
    await using kit = await openKit();
    await using started = await kit.start();
    const link = await started.line(/http:\S+enter\S+/);
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    await page.body?.cancel();
    await started.line(/Ready to grade/);
    expect((await kit.processes()).length).toBeGreaterThan(3);

    started.child.kill("SIGINT");
    expect((await started.child.status).code).toBe(0);
    expect(await kit.processes()).toEqual([]);
    expect(await kit.files()).not.toContain("server.json");
  });

  it("gives the link of a first start to a second one", async () => {
    await using kit = await openKit();
    await using first = await kit.start();
    const link = await first.line(/http:\S+enter\S+/);
    await using second = await kit.start();
    await second.line(/runs already, started by process \d+/);
    const other = await second.line(/http:\S+enter\S+/);
    expect((await second.child.status).code).toBe(0);
    expect(new URL(other).origin).toBe(new URL(link).origin);
    expect(other).not.toBe(link);
  });

  it("takes the next port when the wanted one is taken, and says so", async () => {
    await using kit = await openKit();
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using started = await kit.start("--port", String(taken.addr.port));
    await started.line(new RegExp(`Port ${taken.addr.port} is taken; using`));
    await started.line(/http:\S+enter\S+/);
  });

  it("leaves nothing running when it is killed, and loses no submission", async () => {
    await using kit = await openKit();
    await using first = await kit.start();
    await first.line(/Ready to grade/);
    const id = await kit.submit();
    await until(
      "it runs",
      async () => (await kit.read(id)).state === "running",
    );
    first.child.kill("SIGKILL");
    await first.child.status;
    await until(
      "all its processes are gone",
      async () => (await kit.processes()).length === 0,
    );

    await using second = await kit.start();
    await second.line(/http:\S+enter\S+/);
    await until("it is taken up again", async () => {
      const { state, attempt } = await kit.read(id);
      return attempt > 1 && state !== "queued";
    });
  });
});
