import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import type { SandboxFloor } from "@contract/report.ts";
import { openTestHost } from "./open_test_host.ts";
import { probeFloor } from "./probe_floor.ts";
import type { HostOptions } from "./types.ts";
import { descendants } from "./process_tree.ts";

const { missing } = await probeFloor();

describe("a host whose parent was killed", () => {
  for (const floor of ["local", "class"] satisfies SandboxFloor[]) {
    const skip = floor === "class" && missing.length > 0 && missing.join();
    it(`is gone, loop or not, on the ${floor} floor`, { skip }, async () => {
      // Its folders are used by the parent that is to die; its own host never runs.
      await using sandbox = await openTestHost("loops_at_top_level", { floor });
      const { submissionDir, instanceDir, dataDir } = sandbox;
      const folders = { submissionDir, instanceDir, dataDir };
      const parent = startParent({ floor, ...folders });
      const [pid] = await firstLine(parent);
      const family = [Number(pid), ...descendants(Number(pid))];
      parent.kill("SIGKILL");
      await parent.status;
      expect(await goneWithin(2_000, family)).toBe(true);
    });
  }
});

/** A process that starts a host, makes it loop for ever, and prints its id. */
function startParent(
  options: Omit<HostOptions, "sockets" | "limits">,
): Deno.ChildProcess {
  const script = `
    import { startHost } from ${
    JSON.stringify(import.meta.resolve("./mod.ts"))
  };
    const options = ${JSON.stringify(options)};
    const { instanceDir } = options;
    const host = startHost(options);
    void host.load({
      instance: "A", config: {}, shards: {}, peers: {}, upstreams: {},
      clockFile: instanceDir + "/clock",
      httpSocket: instanceDir + "/http.sock",
      tcpSocket: instanceDir + "/tcp.sock",
    });
    setInterval(async () => {
      if ((await host.usage()).cpuMs > 600) console.log(host.pid);
    }, 50);
  `;
  const config = join(import.meta.dirname!, "../../deno.json");
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", `--config=${config}`, "--ext=ts", script],
    stdout: "piped",
  }).spawn();
}

async function firstLine(child: Deno.ChildProcess): Promise<string[]> {
  const text = child.stdout.pipeThrough(new TextDecoderStream());
  const { value } = await text.getReader().read();
  return (value ?? "").split("\n");
}

async function goneWithin(timeMs: number, pids: number[]): Promise<boolean> {
  const deadline = performance.now() + timeMs;
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/\) Z /.test(stat);
  } catch {
    return false; // No such process.
  }
}
