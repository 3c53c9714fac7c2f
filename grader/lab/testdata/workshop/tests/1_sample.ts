/** A stage file of two checks, of which the second fails. Not named `_test.ts`, so that nobody runs it by itself. */
import { describe } from "@std/testing/bdd";
import { check, expect } from "@lab";

const OPTIONS = { kind: "api", hint: "Look at config.limit." } as const;

describe("00.1 Sample", () => {
  check("00.1a", { ...OPTIONS, title: "answers" }, async (lab) => {
    expect(await lab.get("/"), "GET / answers").toHaveStatus(200);
  });

  check("00.1b", { ...OPTIONS, title: "knows its limit" }, async (lab) => {
    const { json } = await lab.get("/");
    expect(json.limit, "The limit is 3").toBe(3);
  });
});
