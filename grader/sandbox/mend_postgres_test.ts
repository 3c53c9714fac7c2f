import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { mendPostgres } from "./mend_postgres.ts";

describe("mendPostgres()", () => {
  function bundleWith(code: string): string {
    const folder = Deno.makeTempDirSync();
    Deno.writeTextFileSync(join(folder, "chunk.js"), code);
    return folder;
  }

  it("says so when a driver has other places than those it knows", () => {
    const folder = bundleWith("function nextWrite(fn) {}");
    try {
      expect(() => mendPostgres(folder)).toThrow("is not as it was: 0 places");
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });

  it("says so when there is no driver", () => {
    const folder = bundleWith("export {};");
    try {
      expect(() => mendPostgres(folder)).toThrow("postgres.js in one file");
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
});
