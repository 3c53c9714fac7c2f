import { hasDebianPackages, unpackDebianPackage } from "./debian_packages.ts";
import { findOnPath } from "./find_on_path.ts";
import { installCommand } from "./install_command.ts";
import type { ProvisionedBinary, ProvisionOptions } from "./types.ts";

/** Finds bubblewrap, or fetches it like Redis. Throws with the command to type where neither works. */
export async function provisionBubblewrap(
  { onProgress = () => {}, signal }: ProvisionOptions = {},
): Promise<ProvisionedBinary> {
  const installed = findOnPath("bwrap");
  if (installed !== undefined) return { binary: installed, libraryPath: "" };
  const name = "bubblewrap";
  const command = await installCommand({
    apt: name,
    dnf: name,
    pacman: name,
    apk: name,
    zypper: name,
  });
  if (!hasDebianPackages()) {
    throw new Error(
      `The class sandbox needs bubblewrap, which is not installed. Run: ${command}`,
    );
  }
  try {
    return await unpackDebianPackage({
      name,
      binary: "usr/bin/bwrap",
      onProgress,
      signal,
    });
  } catch (cause) {
    throw new Error(
      `Fetching bubblewrap failed (is there a network?). Run: ${command}`,
      { cause },
    );
  }
}
