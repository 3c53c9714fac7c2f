import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { memoryStorage } from "../../testdata/memory_storage.ts";
import { createTheme } from "./theme.ts";

describe("createTheme()", () => {
  it("follows the system until something is chosen", () => {
    const dataset: DOMStringMap = {};
    const { theme } = createTheme(memoryStorage(), dataset);

    expect([theme.value, dataset.theme]).toEqual(["system", undefined]);
  });

  it("goes round and remembers the choice", () => {
    const storage = memoryStorage();
    const dataset: DOMStringMap = {};
    const choice = createTheme(storage, dataset);

    choice.next();
    choice.next();

    expect([choice.theme.value, dataset.theme]).toEqual(["dark", "dark"]);
    expect(createTheme(storage, {}).theme.value).toBe("dark");
    choice.next();
    expect([choice.theme.value, dataset.theme]).toEqual(["system", undefined]);
  });
});
