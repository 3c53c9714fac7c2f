/** What a process and its descendants have used. */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
}

/** Linux counts processor time for /proc in hundredths of a second, whatever its own clock rate. */
const MS_PER_TICK = 10;
const IDLE_WINDOW_MS = 100;

/** Ids of the processes below `pid`, nearest first; none where there is no /proc. */
export function descendants(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendants)];
}

/** Sums over the tree; undefined once it is gone. */
export async function processUsage(
  pid: number,
): Promise<ProcessUsage | undefined> {
  if (Deno.build.os !== "linux") return await usageFromPs(pid);
  const usages = [pid, ...descendants(pid)].map(usageFromProc);
  const alive = usages.filter((usage) => usage !== undefined);
  return alive.length === 0 ? undefined : alive.reduce(add);
}

/**
 * Whether the main thread of a process hardly ever waits for anything but a processor, seen over 100 ms: the time
 * that it ran or stood in line for a core. However busy the machine, a loop is never idle. False where Linux does
 * not tell.
 */
export async function isNeverIdle(pid: number): Promise<boolean> {
  const before = runnableMs(pid);
  const startedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, IDLE_WINDOW_MS));
  const after = runnableMs(pid);
  if (before === undefined || after === undefined) return false;
  return after - before > 0.8 * (performance.now() - startedMs);
}

/** Documentation/scheduler/sched-stats of Linux: time on a processor and time in its queue, in ns. */
function runnableMs(pid: number): number | undefined {
  const [ran, waited] = readProc(`${pid}/schedstat`)?.split(" ") ?? [];
  return waited === undefined
    ? undefined
    : (Number(ran) + Number(waited)) / 1_000_000;
}

function childrenOf(pid: number): number[] {
  const list = readProc(`${pid}/task/${pid}/children`) ?? "";
  return list.split(" ").filter((word) => word !== "").map(Number);
}

/** proc(5): user and system time are fields 14 and 15 of `stat`, counted behind the name in brackets. */
function usageFromProc(pid: number): ProcessUsage | undefined {
  const stat = readProc(`${pid}/stat`);
  const status = readProc(`${pid}/status`);
  if (stat === undefined || status === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return {
    cpuMs: (Number(fields[14 - 3]) + Number(fields[15 - 3])) * MS_PER_TICK,
    memoryBytes: kilobytes("VmRSS") * 1024,
    peakMemoryBytes: kilobytes("VmHWM") * 1024,
  };
}

async function usageFromPs(pid: number): Promise<ProcessUsage | undefined> {
  const { success, stdout } = await new Deno.Command("ps", {
    args: ["-o", "rss=,time=", "-p", String(pid)],
    env: { LC_ALL: "C" },
  }).output();
  if (!success) return undefined;
  const [kilobytes, time] = new TextDecoder().decode(stdout).trim().split(
    /\s+/,
  );
  const seconds = (time ?? "0").split(":").reduce(
    (sum, part) => sum * 60 + Number(part),
    0,
  );
  const memoryBytes = Number(kilobytes) * 1024;
  return { cpuMs: seconds * 1000, memoryBytes, peakMemoryBytes: memoryBytes };
}

function add(left: ProcessUsage, right: ProcessUsage): ProcessUsage {
  return {
    cpuMs: left.cpuMs + right.cpuMs,
    memoryBytes: left.memoryBytes + right.memoryBytes,
    peakMemoryBytes: left.peakMemoryBytes + right.peakMemoryBytes,
  };
}

function readProc(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(`/proc/${path}`);
  } catch {
    return undefined; // The process is gone.
  }
}
