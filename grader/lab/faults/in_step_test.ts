import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";
import type { Lab } from "../types.ts";

describe("lab.inStep()", () => {
  const labs = useLabs();
  const sold = (how: string) => {
    const options = { instances: 2, config: { units: 5, how } };
    return labs.use("stock", options, async (lab: Lab) => {
      const answers = await lab.inStep(() =>
        lab.burst(20, (index) => lab.on(index).get("/"))
      );
      return answers.withStatus(200).length;
    });
  };

  it("lets all look before any of them writes, behind a first write, too", async () => {
    expect(await sold("select_then_update")).toBeGreaterThan(5);
    expect(await sold("write_select_then_update")).toBeGreaterThan(5);
  });

  it("changes nothing for who looks and writes at once, or holds a lock", async () => {
    expect(await sold("conditional_update")).toBe(5);
    expect(await sold("in_a_transaction")).toBe(5);
  });
});
