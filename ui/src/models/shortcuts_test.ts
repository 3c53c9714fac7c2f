import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { memoryStorage } from "../../testdata/memory_storage.ts";
import { createShortcuts } from "./shortcuts.ts";

describe("createShortcuts()", () => {
  it("runs what was added last for a key, until it is taken away", () => {
    const shortcuts = createShortcuts(memoryStorage());
    const runs: string[] = [];
    shortcuts.add([{ key: "x", does: "", run: () => runs.push("page") }]);
    const remove = shortcuts.add([
      { key: "x", does: "", run: () => runs.push("view") },
    ]);

    shortcuts.press("x");
    remove();
    shortcuts.press("x");

    expect(runs).toEqual(["view", "page"]);
  });

  it("does nothing once switched off, and remembers that", () => {
    const storage = memoryStorage();
    createShortcuts(storage).isOn.value = false;

    const later = createShortcuts(storage);
    later.add([{ key: "x", does: "", run() {} }]);

    expect([later.isOn.value, later.press("x")]).toEqual([false, false]);
  });
});
