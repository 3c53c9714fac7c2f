/**
 * A process, told apart from a later one with the same pid: numbers are reused, start times are not.
 * Written `<pid>.<start>`, so that it can be a file's name.
 */
export type ProcessIdentity = string;

/** Identity of a running process; undefined when there is none with this pid. */
export async function processIdentity(
  pid: number,
): Promise<ProcessIdentity | undefined> {
  const start = Deno.build.os === "linux"
    ? await startFromProc(pid)
    : await startFromPs(pid);
  return start === undefined ? undefined : `${pid}.${start}`;
}

/** Whether exactly this process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return await processIdentity(pidOf(identity)) === identity;
}

/** The pid within an identity. */
export function pidOf(identity: ProcessIdentity): number {
  return Number(identity.split(".")[0]);
}

/** Clock ticks since boot: field 22 of proc(5) stat. A zombie has ended, whatever /proc still shows. */
async function startFromProc(pid: number): Promise<string | undefined> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    // The name in field 2 may hold spaces and brackets; field 3 follows its last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[22 - 3];
  } catch {
    return undefined; // Gone, or never there.
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command("ps", {
    args: ["-o", "lstart=", "-p", String(pid)],
    env: { LC_ALL: "C" },
  }).output();
  const started = Date.parse(new TextDecoder().decode(stdout));
  return success && started > 0 ? String(started / 1000) : undefined;
}
