import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { buildPage } from "./build_page.ts";

describe("buildPage()", () => {
  it("builds the first time and not again", async () => {
    await using project = await openProject();
    await project.build();
    await project.build();
    expect(project.builds).toBe(1);
  });

  const CHANGES = ["ui/src/App.tsx", "contract/api.ts", "deno.lock"];
  for (const path of CHANGES) {
    it(`builds again when ${path} has changed`, async () => {
      await using project = await openProject();
      await project.build();
      await project.write(path, "changed");
      await project.build();
      expect(project.builds).toBe(2);
    });
  }

  it("does not care for tests and test data", async () => {
    await using project = await openProject();
    await project.build();
    await project.write("ui/src/App_test.ts", "changed");
    await project.write("ui/testdata/report.json", "changed");
    await project.build();
    expect(project.builds).toBe(1);
  });

  it("builds again after a build that failed", async () => {
    await using project = await openProject();
    project.breakNext();
    await expect(project.build()).rejects.toThrow("Vite broke");
    await project.build();
    expect(project.builds).toBe(2);
  });
});

async function openProject() {
  const dir = await Deno.makeTempDir();
  const write = async (path: string, text: string) => {
    const file = join(dir, path);
    await Deno.mkdir(join(file, ".."), { recursive: true });
    await Deno.writeTextFile(file, text);
  };
  for (const path of ["ui/src/App.tsx", "contract/api.ts", "deno.lock"]) {
    await write(path, "");
  }
  let isBroken = false;
  return {
    builds: 0,
    write,
    breakNext: () => void (isBroken = true),
    build() {
      return buildPage({
        projectDir: dir,
        onProgress: () => {},
        build: async () => {
          this.builds++;
          if (isBroken) {
            isBroken = false;
            throw new Error("Vite broke");
          }
          await write("ui/dist/index.html", "");
        },
      });
    },
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
