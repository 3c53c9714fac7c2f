import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { explainFullDisk, FullDisk } from "./disk_full.ts";
import { findKitFolder } from "./kit_folder.ts";

describe("explainFullDisk()", () => {
  const rows: [folder: string, wayOut: string][] = [
    ["/dev/shm/trestle-0/1.2.abcdef", "--shm-size=1g"],
    ["/tmp/trestle-0/1.2.abcdef", "set TMPDIR"],
    [`${findKitFolder()}/postgres`, "set TRESTLE_DIR"],
  ];
  for (const [folder, wayOut] of rows) {
    it(`names ${wayOut} for ${folder}`, async () => {
      const explained = explainFullDisk(await errorOfFullDisk(), folder);
      expect(explained).toBeInstanceOf(FullDisk);
      const { message } = explained as FullDisk;
      expect(message).toContain(`no space left for ${folder}`);
      expect(message).toContain(wayOut);
    });
  }

  it("leaves every other error alone", () => {
    const error = new Deno.errors.NotFound("No such file");
    expect(explainFullDisk(error, "/tmp")).toBe(error);
  });
});

/** What the system says of a device that is always full. */
async function errorOfFullDisk(): Promise<unknown> {
  return await Deno.writeTextFile("/dev/full", "x").catch((error) => error);
}
