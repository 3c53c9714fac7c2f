import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { explainFullDisk, findFullDisk, FullDisk } from "./disk_full.ts";
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

describe("findFullDisk()", () => {
  it("finds the folder without space among others", async () => {
    // A file system of the kernel's own has none for anybody.
    const found = await findFullDisk(["/tmp", "/proc/self"]);
    expect(found).toBeInstanceOf(FullDisk);
    expect(found!.message).toContain("no space left for /proc/self");
  });

  it("finds nothing where there is space, nor where no folder is", async () => {
    expect(await findFullDisk(["/tmp", "/tmp/gone"])).toBeUndefined();
  });
});

/** What the system says of a device that is always full. */
async function errorOfFullDisk(): Promise<unknown> {
  return await Deno.writeTextFile("/dev/full", "x").catch((error) => error);
}
