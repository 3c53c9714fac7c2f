import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { formatDatabaseUrl, parseDatabaseUrl } from "./connect.ts";

describe("parseDatabaseUrl()", () => {
  it("reads a host, a port and escaped words", () => {
    expect(parseDatabaseUrl("postgres://me:p%40ss@db.example:5433/grades"))
      .toEqual({
        host: "db.example",
        port: 5433,
        user: "me",
        password: "p@ss",
        database: "grades",
      });
  });

  it("reads the folder of a unix socket", () => {
    const url = "postgres://me:x@localhost/grades?host=%2Ftmp%2Fkit&port=5432";
    expect(parseDatabaseUrl(url).host).toBe("/tmp/kit");
  });

  const BROKEN = ["", "grades", "mysql://me@db/grades", "postgres//db"];
  for (const text of BROKEN) {
    it(`refuses "${text}" without repeating it, for it may hold a password`, () => {
      expect(() => parseDatabaseUrl(text)).toThrow(
        "DATABASE_URL is not",
      );
    });
  }
});

describe("formatDatabaseUrl()", () => {
  it("is read back as it was", () => {
    const address = {
      host: "/tmp/a b",
      port: 5432,
      user: "trestle",
      password: "a/b?c#d@e:f%",
      database: "gr ades",
    };
    expect(parseDatabaseUrl(formatDatabaseUrl(address))).toEqual(address);
  });
});
