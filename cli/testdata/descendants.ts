/** The processes that `pid` has started, and theirs. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-eo", "pid=,ppid="],
  }).output();
  const rows = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) {
    for (const [child, itsParent] of rows) {
      if (itsParent === parent) found.push(child!);
    }
  }
  return found.slice(1);
}

/** Those of the processes that still run. */
export async function stillRunning(pids: readonly number[]): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "pid=,stat=", "-p", pids.join(",") || "0"],
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .filter((line) => line !== "" && !/\sZ/.test(line))
    .map((line) => Number(line.trim().split(/\s+/)[0]));
}
