import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { writeClockFile } from "./clock_file.ts";
import { CLOCK_MS, openTestHost } from "./open_test_host.ts";
import { startHost } from "./start_host.ts";

describe("startHost()", () => {
  it("shows the run's clock to every way of asking for the time", async () => {
    await using sandbox = await openTestHost("tells_time");
    await sandbox.load();
    writeClockFile(join(sandbox.instanceDir, "clock"), CLOCK_MS + 60_000);
    expect(JSON.parse((await sandbox.get("/")).slice(4))).toEqual({
      clock: CLOCK_MS + 60_000,
      now: CLOCK_MS + 60_000,
      fresh: CLOCK_MS + 60_000,
      constructed: CLOCK_MS + 60_000,
      called: true,
      fixed: 2020,
      parsed: 1_577_836_800_000,
      isDate: true,
      temporal: CLOCK_MS + 60_000,
      zoned: "2023-11-14",
      performance: true,
    });
  });

  it("wakes a sleeper once the clock has reached its time, and not before", async () => {
    await using sandbox = await openTestHost("tells_time");
    await sandbox.load();
    const clock = join(sandbox.instanceDir, "clock");
    let isAwake = false;
    const sleeper = sandbox.get(`/sleep?until=${CLOCK_MS + 1_000}`)
      .finally(() => isAwake = true);
    writeClockFile(clock, CLOCK_MS + 999);
    await sandbox.get("/");
    expect(isAwake).toBe(false);
    writeClockFile(clock, CLOCK_MS + 1_000);
    expect(await sleeper).toBe("200 awake");
  });

  it("finishes the request in flight on SIGTERM", async () => {
    await using sandbox = await openTestHost("stops_gracefully");
    const { host, load, get } = sandbox;
    const inFlight = Promise.withResolvers<void>();
    host.onLine((line) => line.includes("in flight") && inFlight.resolve());
    await load();
    const answer = get("/");
    await inFlight.promise;
    host.signal("SIGTERM");
    expect(await answer).toBe("200 finished");
    expect((await host.exit).reason).toBe("stopped");
    expect(sandbox.lines.join()).toContain("stopping");
  });

  it("ends a system that does not stop by itself after 2 s", async () => {
    await using sandbox = await openTestHost("never_stops");
    await sandbox.load();
    const startedAt = performance.now();
    sandbox.host.signal("SIGTERM");
    await sandbox.host.exit;
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it("kills what never yields", async () => {
    await using sandbox = await openTestHost("waits_in_atomics");
    await sandbox.load();
    const answer = sandbox.get("/");
    await sandbox.host.kill();
    expect(await answer).toBe("TypeError");
  });

  it("freezes on SIGSTOP until SIGCONT", async () => {
    await using sandbox = await openTestHost("well_behaved");
    const { host, load, get } = sandbox;
    await load();
    host.signal("SIGSTOP");
    await until(() => stateOf(host.pid) === "T");
    const answer = get("/");
    host.signal("SIGCONT");
    expect(await answer).toMatch(/^200/);
  });

  it("gives accepted connections to tcp()", async () => {
    await using sandbox = await openTestHost("echoes_tcp");
    await sandbox.load();
    const path = join(sandbox.instanceDir, "tcp.sock");
    using connection = await Deno.connect({ transport: "unix", path });
    await connection.write(new TextEncoder().encode("hello"));
    const bytes = new Uint8Array(5);
    await connection.read(bytes);
    expect(new TextDecoder().decode(bytes)).toBe("hello");
  });

  it("starts again over the socket files of a killed process", async () => {
    await using first = await openTestHost("well_behaved");
    await first.load();
    await first.host.kill();
    const { instanceDir, dataDir } = first;
    const submissionDir = new URL("testdata/well_behaved", import.meta.url);
    const second = startHost({
      floor: "local",
      submissionDir: submissionDir.pathname,
      instanceDir,
      dataDir,
    });
    expect(await second.load(first.init())).toEqual({ status: "listening" });
    expect(await first.get("/")).toMatch(/^200/);
    await second.kill();
  });

  it("tells what the process used, also once it is gone", async () => {
    await using sandbox = await openTestHost("well_behaved");
    await sandbox.load();
    const { cpuMs, memoryBytes } = await sandbox.host.usage();
    expect(cpuMs).toBeGreaterThan(0);
    expect(memoryBytes).toBeGreaterThan(20e6);
    await sandbox.host.kill();
    const after = await sandbox.host.usage();
    expect(after.cpuMs).toBe(cpuMs);
    expect(after.memoryBytes).toBe(0);
  });

  it("refuses a socket that the process was not started for", async () => {
    await using sandbox = await openTestHost("well_behaved");
    const redisSocket = "/run/redis.sock";
    await expect(sandbox.load({ redisSocket })).rejects.toThrow(
      "/run/redis.sock is none of them",
    );
  });

  it("refuses folders that Deno keeps closed", () => {
    const folder = "/dev/shm/a";
    expect(() =>
      startHost({
        floor: "local",
        submissionDir: folder,
        instanceDir: folder,
        dataDir: folder,
      })
    ).toThrow("Deno keeps /dev, /proc and /sys closed");
  });

  it("refuses the class floor where it was not found complete", async () => {
    const kit = await Deno.makeTempDir();
    const before = Deno.env.get("TRESTLE_DIR");
    Deno.env.set("TRESTLE_DIR", kit);
    await expect(openTestHost("well_behaved", { floor: "class" })).rejects
      .toThrow("The class sandbox was not found complete on this machine");
    if (before === undefined) Deno.env.delete("TRESTLE_DIR");
    else Deno.env.set("TRESTLE_DIR", before);
    await Deno.remove(kit, { recursive: true });
  });

  it("does not follow a link out of the submission", async () => {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(
      join(folder, "system.ts"),
      'import text from "./accounts.txt" with { type: "text" };\n' +
        "export default () => ({ fetch: () => new Response(text) });\n",
    );
    await Deno.symlink("/etc/passwd", join(folder, "accounts.txt"));
    await using sandbox = await openTestHost(folder);
    expect(await sandbox.load()).toEqual({
      status: "failed",
      exit: {
        reason: "forbidden",
        message:
          "The folder of system.ts is not self-contained: accounts.txt is a link to something outside; " +
          "copy the file instead",
      },
    });
    await Deno.remove(folder, { recursive: true });
  });

  it("gives each process a localStorage of its own", async () => {
    await using first = await openTestHost("keeps_local_storage");
    await first.load();
    expect(await first.get("/")).toBe("200 1");
    expect(await first.get("/")).toBe("200 2");
    await using second = await openTestHost("keeps_local_storage");
    await second.load();
    expect(await second.get("/")).toBe("200 1");
  });
});

/** One letter of proc(5): "R" runs, "S" sleeps, "T" is stopped. */
function stateOf(pid: number): string | undefined {
  return /\) (\w) /.exec(Deno.readTextFileSync(`/proc/${pid}/stat`))?.[1];
}

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error("Not within 2 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
