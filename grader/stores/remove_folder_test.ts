import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { removeFolder } from "./remove_folder.ts";

describe("removeFolder()", () => {
  it("removes what is there, also from folders that were closed", async () => {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(`${folder}/data/closed`, { recursive: true });
    await Deno.writeTextFile(`${folder}/data/closed/file`, "hidden");
    await Deno.chmod(`${folder}/data/closed`, 0o300);
    await Deno.chmod(`${folder}/data`, 0o300);
    await removeFolder(folder);
    await removeFolder(folder); // Gone is gone.
    await expect(Deno.stat(folder)).rejects.toThrow(Deno.errors.NotFound);
  });
});
