import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { WORKSHOPS } from "../../testdata/workshops.ts";
import { workshopsOnPath } from "./study_path.ts";

describe("workshopsOnPath()", () => {
  it("contains the paths before", () => {
    const lengths = (["mid", "senior", "staff"] as const)
      .map((path) => workshopsOnPath(WORKSHOPS, path).length);

    expect(lengths).toEqual([8, 15, 16]);
  });
});
