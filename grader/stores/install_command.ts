/** Names of one thing in the package managers; `brew` is absent where macOS has no such thing. */
export interface PackageNames {
  readonly apt: string;
  readonly dnf: string;
  readonly pacman: string;
  readonly apk: string;
  readonly zypper: string;
  readonly brew?: string;
}

/** The one command that installs it here, for people to copy. */
export async function installCommand(names: PackageNames): Promise<string> {
  if (Deno.build.os === "darwin" && names.brew !== undefined) {
    return `brew install ${names.brew}`;
  }
  const system = await osRelease();
  if (/fedora|rhel|centos/.test(system)) return `sudo dnf install ${names.dnf}`;
  if (/arch/.test(system)) return `sudo pacman -S ${names.pacman}`;
  if (/alpine/.test(system)) return `sudo apk add ${names.apk}`;
  if (/suse/.test(system)) return `sudo zypper install ${names.zypper}`;
  return `sudo apt-get install ${names.apt}`;
}

/** What the system calls itself and what it descends from: "ubuntu debian". */
async function osRelease(): Promise<string> {
  const text = await Deno.readTextFile("/etc/os-release").catch(() => "");
  return [...text.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)]
    .map(([, value]) => value).join(" ");
}
