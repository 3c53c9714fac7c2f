import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hasDebianPackages, unpackDebianPackage } from "./debian_packages.ts";
import { run } from "./run_command.ts";
import { temporaryKitFolder } from "./testdata/temporary_kit_folder.ts";

/** The package index is outside of us, and so is the network: asked for by TRESTLE_TEST_NETWORK=1. */
const hasNetwork = Deno.env.get("TRESTLE_TEST_NETWORK") === "1" &&
  hasDebianPackages();

describe("unpackDebianPackage()", { skip: !hasNetwork }, () => {
  it("brings a program that runs, with what it needs, and leaves no downloads", async () => {
    await using folder = await temporaryKitFolder();
    const found = await unpackDebianPackage({
      name: "hello",
      binary: "usr/bin/hello",
      onProgress: () => {},
    });
    const env = { LD_LIBRARY_PATH: found.libraryPath };
    expect(await run(found.binary, [], { env })).toBe("Hello, world!\n");
    expect(found.binary.startsWith(folder.path)).toBe(true);
    const made = await Array.fromAsync(Deno.readDir(`${folder.path}/debian`));
    expect(made.map(({ name }) => name)).toEqual(["hello"]);
  });

  it("says which package there is not", async () => {
    await using _folder = await temporaryKitFolder();
    const missing = unpackDebianPackage({
      name: "no-such-package-anywhere",
      binary: "usr/bin/none",
      onProgress: () => {},
    });
    await expect(missing).rejects.toThrow("no-such-package-anywhere");
  });
});
