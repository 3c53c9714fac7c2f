import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { workshopOf } from "../testdata/workshop_of.ts";
import { forgetWorkshop } from "./forget_workshop.ts";

describe("forgetWorkshop()", () => {
  it("forgets stages and hints, former ids too, and nothing of other workshops", () => {
    const workshop = workshopOf(["one", "two"], { "03.old_two": "03.two" });
    const revealed = { "03-rate-limiter": "2026-01-01T00:00:00Z" };
    const progress = forgetWorkshop({
      version: 1,
      stages: {
        "02.one": { runs: 1 },
        "03.one": { runs: 2 },
        "03.old_two": { runs: 3 },
      },
      hints: { "02.one": 1, "03.two": 2 },
      revealed,
    }, workshop);
    expect(progress).toEqual({
      version: 1,
      stages: { "02.one": { runs: 1 } },
      hints: { "02.one": 1 },
      revealed,
    });
  });
});
