import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { temporaryKitFolder } from "../stores/testdata/temporary_kit_folder.ts";
import { probeSandbox } from "./probe_sandbox.ts";

describe("probeSandbox()", () => {
  it("says what to install on a machine without the tools", async () => {
    await using kitFolder = await temporaryKitFolder();
    const before = Deno.env.get("PATH")!;
    Deno.env.set("PATH", kitFolder.path);
    const { status, fix } = await probeSandbox();
    Deno.env.set("PATH", before);
    expect(status).toBe("warn");
    expect(fix).toMatch(/install the package util-linux\n.*install bubblewrap/);
  });
});
