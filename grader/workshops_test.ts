import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { findWorkshop, findWorkshops } from "./workshops.ts";

/** A project with one workshop whose manifest is the real one of the URL shortener. */
async function temporaryProject(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-workshops-" });
  const folder = join(dir, "workshops", "02-url-shortener");
  await Deno.mkdir(folder, { recursive: true });
  await Deno.mkdir(join(dir, "workshops", "study"));
  const real = new URL(
    "../workshops/02-url-shortener/workshop.json",
    import.meta.url,
  );
  await Deno.copyFile(real, join(folder, "workshop.json"));
  return {
    dir,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

describe("findWorkshop()", () => {
  it("finds by number, padded number, folder and slug", async () => {
    await using project = await temporaryProject();
    for (const name of ["2", "02", "02-url-shortener", "url-shortener"]) {
      const { workshop, dir } = await findWorkshop(name, project.dir);
      expect(workshop.slug).toBe("02-url-shortener");
      expect(dir).toBe(join(project.dir, "workshops", "02-url-shortener"));
    }
  });

  it("says what there is when there is no such workshop", async () => {
    await using project = await temporaryProject();
    await expect(findWorkshop("17", project.dir)).rejects.toThrow(
      'There is no workshop "17"; there are 02-url-shortener',
    );
  });
});

describe("findWorkshops()", () => {
  it("lists folders that begin with a number only", async () => {
    await using project = await temporaryProject();
    const found = await findWorkshops(project.dir);
    expect(found.map(({ workshop }) => workshop.slug))
      .toEqual(["02-url-shortener"]);
  });

  it("stops at a broken manifest and says which", async () => {
    await using project = await temporaryProject();
    const path = join(project.dir, "workshops/02-url-shortener/workshop.json");
    await Deno.writeTextFile(path, "{}");
    await expect(findWorkshops(project.dir)).rejects.toThrow(
      "workshops/02-url-shortener/workshop.json: title",
    );
  });
});
