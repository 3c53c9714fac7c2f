import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { clockWarning, redisWarnings, sqlWarnings } from "./clock_warnings.ts";

const COMMANDS: Record<string, string[]> = {
  "EXPIREAT k 1": ["EXPIREAT"],
  "pexpireat k 1": ["EXPIREAT"],
  "SET k v EXAT 1": ["EXAT"],
  "SET k v NX PXAT 1": ["EXAT"],
  "GETEX k PXAT 1": ["EXAT"],
  "TIME": ["TIME"],
  "EVAL return~redis.call('TIME') 0": ["TIME"],
  'EVAL return~redis.pcall("time") 0': ["TIME"],
  "XADD s * f v": ["XADD *"],
  "XADD s MAXLEN ~ 10 * f v": ["XADD *"],
  "OBJECT IDLETIME k": ["OBJECT IDLETIME"],
  "PEXPIRETIME k": ["EXPIRETIME"],
  "SET k v EX 60": [],
  "SET EXAT v": [],
  "SET k EXAT": [],
  "XADD s 1-1 f v": [],
  "PEXPIRE k 60000": [],
  "OBJECT ENCODING k": [],
  "EVAL return~redis.call('GET',KEYS[1]) 1 TIME": [],
};

const STATEMENTS: Record<string, string[]> = {
  "SELECT CURRENT_TIMESTAMP": ["CURRENT_TIMESTAMP"],
  "CREATE TABLE t (at timestamptz DEFAULT current_timestamp)": [
    "CURRENT_TIMESTAMP",
  ],
  "SELECT pg_catalog.now()": ["pg_catalog.now()"],
  "SELECT pg_sleep(1), timeofday()": ["timeofday()", "pg_sleep"],
  "SELECT now(), clock_timestamp()": [],
  "SELECT 'CURRENT_TIMESTAMP', my_current_timestamp FROM t": [],
};

describe("redisWarnings()", () => {
  for (const [command, codes] of Object.entries(COMMANDS)) {
    it(`${command}: ${codes.join(", ") || "none"}`, () => {
      const args = command.split(" ").map((arg) =>
        arg === "~" ? arg : arg.replace("~", " ")
      );
      expect(redisWarnings(args)).toEqual(codes);
    });
  }
});

describe("sqlWarnings()", () => {
  for (const [sql, codes] of Object.entries(STATEMENTS)) {
    it(`${sql}: ${codes.join(", ") || "none"}`, () => {
      expect(sqlWarnings(sql)).toEqual(codes);
    });
  }
});

describe("clockWarning()", () => {
  it("says for each code what to do instead", () => {
    const codes = [...Object.values(COMMANDS), ...Object.values(STATEMENTS)]
      .flat();
    for (const code of new Set(codes)) {
      expect(clockWarning(code)).toMatch(
        /^You (used|named) .*(Use|use|Store|Pass) /,
      );
    }
  });
});
