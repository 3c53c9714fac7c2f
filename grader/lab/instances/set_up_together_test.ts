import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { useLabs } from "../lab_fixture.ts";

describe("setUpTogether()", () => {
  const labs = useLabs();

  async function reportOf(how: string) {
    const { check } = await labs.check(
      "stock",
      { instances: 2, config: { units: 1, how } },
      (lab) => lab.setUpTogether(),
    );
    return check;
  }

  it("lets pass who takes a lock around the set-up", async () => {
    const { status, failure } = await reportOf("conditional");
    expect([status, failure]).toEqual(["pass", undefined]);
  });

  it("lets pass who keeps the other waiting in a loop", async () => {
    const { status, failure } = await reportOf("set_up_in_turn");
    expect([status, failure]).toEqual(["pass", undefined]);
  });

  it("leaves no type behind that an empty database would not have", async () => {
    const { status, failure } = await reportOf("set_up_with_a_type");
    expect([status, failure]).toEqual(["pass", undefined]);
  });

  it("is the only place where two set-ups meet: at first they come in turn", async () => {
    const { check } = await labs.check(
      "stock",
      { instances: 3, config: { units: 1, how: "set_up_without_lock" } },
      async (lab) => {
        for (const instance of lab.instances) {
          expect((await instance.get("/")).status).toBeLessThan(500);
        }
      },
    );
    expect([check.status, check.failure]).toEqual(["pass", undefined]);
  });

  it("fails who looks whether the tables are there, and then creates them", async () => {
    const { status, failure } = await reportOf("set_up_without_lock");
    expect({ status, ...failure }).toMatchObject({
      status: "fail",
      received: expect.stringContaining("unique constraint"),
      hint: expect.stringContaining("advisory lock"),
    });
  });
});
