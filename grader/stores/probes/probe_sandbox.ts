import { provisionBubblewrap } from "../bubblewrap.ts";
import { findOnPath } from "../find_on_path.ts";
import { run } from "../run_command.ts";
import type { ProvisionedBinary } from "../types.ts";
import type { Probe } from "./types.ts";

/** What a class needs; one's own code on one's own machine runs without. */
const WITHOUT = "your own code runs, a class does not start";

/** Whether bubblewrap is there and may make every namespace of the class floor. */
export async function probeBubblewrap(): Promise<Probe> {
  const name = "Sandbox: bubblewrap";
  let bubblewrap: ProvisionedBinary;
  try {
    bubblewrap = await provisionBubblewrap();
  } catch (error) {
    const [detail = "", fix] = (error as Error).message.split(/\. Run: /);
    return { name, status: "warn", detail: `${detail}; ${WITHOUT}`, fix };
  }
  const { binary, libraryPath } = bubblewrap;
  try {
    await run(binary, NAMESPACES, { env: { LD_LIBRARY_PATH: libraryPath } });
    return { name, status: "ok", detail: `${binary} isolates processes` };
  } catch (error) {
    return {
      name,
      status: "warn",
      detail: `${(error as Error).message}; ${WITHOUT}`,
      fix: await namespaceFix(),
    };
  }
}

const NAMESPACES = [
  ...["--unshare-user", "--unshare-pid", "--unshare-net"],
  ...["--unshare-ipc", "--unshare-uts", "--disable-userns"],
  ...["--die-with-parent", "--ro-bind", "/", "/", "/bin/sh", "-c", "exit 0"],
];

/** Whether processes can be bounded in memory, number and file size. */
export async function probeLimits(): Promise<Probe> {
  const name = "Sandbox: limits";
  const prlimit = await findOnPath("prlimit");
  if (prlimit === undefined) {
    return {
      name,
      status: "warn",
      detail: `prlimit (of util-linux) is not installed; ${WITHOUT}`,
    };
  }
  const limits = ["--data=1500000000", "--nproc=4096", "--fsize=1000000"];
  try {
    await run(prlimit, [...limits, "/bin/sh", "-c", "exit 0"]);
    return { name, status: "ok", detail: "memory, processes and files" };
  } catch (error) {
    const detail = `${(error as Error).message}; ${WITHOUT}`;
    return { name, status: "warn", detail };
  }
}

/** The switches by which distributions forbid user namespaces; the first that is set so. */
async function namespaceFix(): Promise<string | undefined> {
  const switches = [
    ["kernel/apparmor_restrict_unprivileged_userns", "1", "0"],
    ["kernel/unprivileged_userns_clone", "0", "1"],
    ["user/max_user_namespaces", "0", "15000"],
  ] as const;
  for (const [path, forbidding, allowing] of switches) {
    const value = await Deno.readTextFile(`/proc/sys/${path}`).catch(() => "");
    if (value.trim() !== forbidding) continue;
    return `sudo sysctl -w ${path.replaceAll("/", ".")}=${allowing}`;
  }
  return undefined;
}
