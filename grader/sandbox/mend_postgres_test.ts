import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { mendPostgres } from "./mend_postgres.ts";

describe("mendPostgres()", () => {
  function mendBundleWith(code: string): void {
    const folder = Deno.makeTempDirSync();
    try {
      Deno.writeTextFileSync(join(folder, "chunk.js"), code);
      mendPostgres(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  }

  it("says so when a driver has other places than those it knows", () => {
    expect(() => mendBundleWith("function nextWrite(fn) {}"))
      .toThrow("is not as it was: 0 places");
  });

  it("says so when there is no driver", () => {
    expect(() => mendBundleWith("export {};")).toThrow(
      "postgres.js in one file",
    );
  });
});
