import type { ProvisionedBinary } from "../stores/mod.ts";
import type { FloorCommand, FloorOptions } from "./floor_command.ts";
import { cpuOption } from "./limits/cpu.ts";
import { dataOption } from "./limits/data.ts";
import { fileSizeOption } from "./limits/file_size.ts";
import { processesOption } from "./limits/processes.ts";
import type { Account } from "./slot_account.ts";

/** Where Deno's own binary lies inside. */
const DENO = "/run/deno";
const PRLIMIT = "/run/prlimit";

/** Folders of shared libraries, on the distributions that have them. */
const LIBRARY_FOLDERS = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/nix"];

/** What the class floor is made of. */
export interface ClassFloorParts {
  readonly bubblewrap: ProvisionedBinary;
  readonly prlimit: string;
}

/**
 * For other people's code: namespaces of its own without a network, a file system with nothing but libraries, Deno,
 * the host's bundle, the submission and this instance's folders, an empty environment, and the kernel's limits.
 * Every layer holds on its own: Deno's permissions inside would refuse the same.
 */
export function classFloor(
  { command: [deno, ...flags], limits, folders, denoDir }: FloorOptions,
  { bubblewrap, prlimit }: ClassFloorParts,
  account: Account | undefined,
): FloorCommand {
  return {
    args: [
      bubblewrap.binary,
      ...namespaces(),
      ...["--clearenv", "--setenv", "DENO_DIR", denoDir],
      ...["--setenv", "HOME", denoDir, "--setenv", "NO_COLOR", "1"],
      ...["--setenv", "TZ", "UTC"],
      ...LIBRARY_FOLDERS.flatMap(mountLibraries),
      ...["--ro-bind", deno!, DENO, "--ro-bind", prlimit, PRLIMIT],
      // Deno asks for its own path and nothing else of /proc, which stays away with all that it would tell.
      ...["--symlink", DENO, "/proc/self/exe"],
      ...folders.readOnly.flatMap((path) => ["--ro-bind", path, path]),
      ...folders.writable.flatMap((path) => ["--bind", path, path]),
      ...["--remount-ro", "/", "--chdir", folders.readOnly[0]!],
      "--",
      ...[PRLIMIT, processesOption(limits.processesMax)],
      ...[dataOption(limits.dataBytesMax), fileSizeOption(limits.fileBytesMax)],
      ...[cpuOption(limits.cpuSecondsMax), "--core=0", "--", DENO],
      ...flags,
    ],
    env: bubblewrap.libraryPath === ""
      ? {}
      : { LD_LIBRARY_PATH: bubblewrap.libraryPath },
    ...account,
  };
}

/** Each by its name, since --disable-userns, which closes the way to further namespaces, asks for --unshare-user. */
function namespaces(): string[] {
  return [
    "--unshare-user",
    "--disable-userns",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--die-with-parent",
    "--new-session",
    ...["--hostname", "sandbox"],
  ];
}

/** On most systems /lib is a link to /usr/lib: made as it is, or the loader would not find its libraries. */
function mountLibraries(path: string): string[] {
  try {
    return Deno.lstatSync(path).isSymlink
      ? ["--symlink", Deno.readLinkSync(path), path]
      : ["--ro-bind", path, path];
  } catch {
    return []; // Not on this system.
  }
}
