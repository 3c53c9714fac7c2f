import { join } from "node:path";
import { buildOnce } from "./build_once.ts";
import { findOnPath } from "./find_on_path.ts";
import { makeKitFolder } from "./kit_folder.ts";
import { run } from "./run_command.ts";
import type { ProvisionedBinary } from "./types.ts";

export interface DebianPackageOptions {
  /** "redis-server" */
  readonly name: string;
  /** Path of the wanted binary inside the package: "usr/bin/redis-server". */
  readonly binary: string;
  readonly onProgress: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Whether this is a Debian, an Ubuntu or a child of theirs. */
export function hasDebianPackages(): boolean {
  return findOnPath("apt-get") !== undefined &&
    findOnPath("dpkg-deb") !== undefined;
}

/**
 * Fetches a package, and those that it needs and this machine lacks, and unpacks them into the kit's folder.
 * Needs no root and changes nothing of the system; apt checks the signatures as always. Done once.
 */
export async function unpackDebianPackage(
  options: DebianPackageOptions,
): Promise<ProvisionedBinary> {
  const target = join(await makeKitFolder("debian"), options.name);
  await buildOnce(target, (draft) => build(draft, options));
  return {
    binary: join(target, options.binary),
    libraryPath: (await libraryFolders(target)).join(":"),
  };
}

async function build(
  draft: string,
  options: DebianPackageOptions,
): Promise<void> {
  options.onProgress(`Fetching ${options.name} from this system's packages`);
  const work = join(draft, "apt");
  await Deno.mkdir(draft);
  await download(work, options);
  for await (const { name } of Deno.readDir(work)) {
    if (!name.endsWith(".deb")) continue;
    await run("dpkg-deb", ["--extract", join(work, name), draft]);
  }
  await Deno.remove(work, { recursive: true });
  await run("chmod", ["-R", "a+rX", draft]);
}

/** Uses the system's package lists if they still serve; else fetches lists of its own, which root need not do. */
async function download(
  work: string,
  { name, onProgress, signal }: DebianPackageOptions,
): Promise<void> {
  const ownLists = join(work, "lists");
  await Deno.mkdir(join(work, "cache/archives/partial"), { recursive: true });
  await Deno.mkdir(join(ownLists, "partial"), { recursive: true });
  const apt = (settings: readonly string[], ...args: string[]) =>
    run("apt-get", [...settings, "-qq", ...args], { cwd: work, signal });
  const settings = [
    ["-o", `Dir::Cache=${join(work, "cache")}`],
    ["-o", "Debug::NoLocking=true"],
    ["-o", "Acquire::Retries=2"],
    ["-o", "Acquire::http::Timeout=20"],
  ].flat();
  const fetchAll = async (settings: readonly string[]) => {
    const plan = ["install", "--reinstall", "--no-install-recommends"];
    const uris = await apt(settings, ...plan, "--print-uris", name);
    await apt(settings, "download", ...packageNames(uris));
  };
  try {
    await fetchAll(settings);
  } catch {
    // The lists are missing (a container) or name versions that are gone.
    const own = [...settings, "-o", `Dir::State::Lists=${ownLists}`];
    onProgress("Fetching package lists");
    // A source that fails (a third party's) matters only if the package came from there.
    const problem = await apt(own, "update").then(() => undefined, String);
    await fetchAll(own).catch((error) => {
      throw new Error(problem ?? error.message, { cause: error });
    });
  }
}

/** From lines like `'http://…/redis-tools_7.0.15_amd64.deb' redis-tools_5%3a7.0.15_amd64.deb 991988 SHA256:…`. */
function packageNames(uris: string): string[] {
  return uris.split("\n").flatMap((line) =>
    /^'[^']*' ([^_ ]+)_/.exec(line)?.[1] ?? []
  );
}

/** Folders in `root` that hold shared libraries. */
async function libraryFolders(root: string): Promise<string[]> {
  const found = new Set<string>();
  for (const base of ["lib", "usr/lib"]) {
    for (const folder of await foldersIn(join(root, base))) {
      const names = await namesIn(folder);
      if (names.some((name) => /\.so(\.|$)/.test(name))) found.add(folder);
    }
  }
  return [...found];
}

async function foldersIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return [folder, ...names.map((name) => join(folder, name))];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name);
  } catch {
    return []; // Not there, or a file.
  }
}
