import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { readConfig } from "./config.ts";

const ENV = {
  DATABASE_URL: "postgres://me:x@db/grades",
  TRESTLE_DIR: "/srv/trestle",
};

describe("readConfig()", () => {
  it("reads arguments before the environment", () => {
    expect(readConfig(["--port", "4100"], { ...ENV, PORT: "4200" }))
      .toMatchObject({
        port: 4100,
        stateDir: "/srv/trestle",
        isTied: false,
        database: { host: "db" },
      });
  });

  it("leaves the port open when nobody names one", () => {
    expect(readConfig(["--tied"], ENV)).toMatchObject({ isTied: true });
    expect(readConfig([], ENV).port).toBe(undefined);
  });

  it("says how to get a database", () => {
    expect(() => readConfig([], {})).toThrow(/DATABASE_URL.*deno task start/);
  });

  for (const port of ["0", "65536", "80x", "-1", ""]) {
    it(`refuses the port "${port}"`, () => {
      expect(() => readConfig([`--port=${port}`], ENV)).toThrow(/1 to 65535/);
    });
  }
});
