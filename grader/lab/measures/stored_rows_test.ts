import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import { databasesHolding, storedRows } from "./stored_rows.ts";

describe("storedRows() and databasesHolding()", () => {
  const labs = useLabs();

  it("find what is stored without knowing the tables", async () => {
    await labs.use("notes", { shards: 2 }, async (lab) => {
      await lab.put("/hello");
      await lab.shards.s1!`CREATE TABLE "Odd name" (words text[])`;
      await lab.shards.s1!`INSERT INTO "Odd name" VALUES ('{hello,there}')`;
      expect(await storedRows(lab.sql)).toMatch(
        /^\{"at": ".*", "text": "hello"\}\n$/,
      );
      expect(await databasesHolding(lab, ["hello", "there", "hell"])).toEqual(
        new Map([["hello", ["main", "s1"]], ["there", ["s1"]], ["hell", []]]),
      );
    });
  });
});
