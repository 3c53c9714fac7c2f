import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { copyReference } from "./reference_folder.ts";

describe("copyReference()", () => {
  it("copies the reference's code alone, with its folders", async () => {
    await using project = await temporaryFolder();
    await using run = await temporaryFolder();
    const files = {
      "system.ts": "the way in",
      "queue/lease.ts": "a part",
      "mutants/never_waits.patch": "wrong",
      "alternatives/in_lua/system.ts": "another",
    };
    for (const [name, text] of Object.entries(files)) {
      const file = join(project.path, name);
      await Deno.mkdir(join(file, ".."), { recursive: true });
      await Deno.writeTextFile(file, text);
    }

    await using copy = await copyReference(project.path, run.path);

    expect(namesIn(copy.path)).toEqual(["queue", "system.ts"]);
    const part = await Deno.readTextFile(join(copy.path, "queue/lease.ts"));
    expect(part).toBe("a part");
  });

  it("lets others read what is its owner's alone", async () => {
    await using project = await temporaryFolder();
    await using run = await temporaryFolder();
    const file = join(project.path, "system.ts");
    await Deno.writeTextFile(file, "the way in", { mode: 0o600 });

    await using copy = await copyReference(project.path, run.path);

    expect(rightsOf(copy.path)).toBe(0o755);
    expect(rightsOf(join(copy.path, "system.ts"))).toBe(0o644);
  });

  it("leaves nothing behind", async () => {
    await using project = await temporaryFolder();
    await using run = await temporaryFolder();
    const copy = await copyReference(project.path, run.path);
    await copy[Symbol.asyncDispose]();
    expect(namesIn(run.path)).toEqual([]);
  });
});

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

function rightsOf(path: string): number {
  return (Deno.statSync(path).mode ?? 0) & 0o777;
}

async function temporaryFolder(): Promise<
  { readonly path: string } & AsyncDisposable
> {
  const path = await Deno.makeTempDir({ prefix: "trestle-reference-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
