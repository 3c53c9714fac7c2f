import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { parseManifest } from "./manifest.ts";

const MANIFEST = {
  title: "Scripted",
  summary: "One sentence.",
  level: "mid",
  hours: 1,
  needs: ["01.5"],
  upstreams: [],
  config: { limit: 3 },
  stages: [{
    number: 1,
    slug: "first_stage",
    title: "First",
    kinds: ["api"],
    teaches: "Something.",
    minutes: 10,
    checks: ["03.1a"],
  }],
};
const STAGE = MANIFEST.stages[0]!;

describe("parseManifest()", () => {
  it("takes number and slug from the folder's name", () => {
    const workshop = parseManifest(JSON.stringify(MANIFEST), "03-rate-limiter");
    expect(workshop.number).toBe("03");
    expect(workshop.slug).toBe("03-rate-limiter");
    expect(workshop.stages[0]!.checks).toEqual(["03.1a"]);
  });

  it("names the field, the rule and the value at hand", () => {
    const rows: [change: object, message: string][] = [
      [{ level: "junior" }, 'level: Invalid option: expected one of "mid"'],
      [{ hours: -1 }, "hours: Too small"],
      [{ title: undefined }, "title: Invalid input: expected string"],
      [{ title: undefined }, "(it is missing)"],
      [{ surprise: 1 }, 'Unrecognized key: "surprise"'],
      [{ needs: ["1"] }, '(it is "1")'],
      [{ stages: [{ ...STAGE, slug: "Two words" }] }, "stages[0].slug: must"],
      [{ stages: [{ ...STAGE, number: 2 }] }, "stages[0].number must be 1"],
      [{ stages: [{ ...STAGE, checks: ["02.1a"] }] }, 'like "03.1a" (it is'],
      [{ stages: [{ ...STAGE, checks: ["03.1a", "03.1a"] }] }, "repeats"],
    ];
    for (const [change, message] of rows) {
      const text = JSON.stringify({ ...MANIFEST, ...change });
      expect(() => parseManifest(text, "03-rate-limiter")).toThrow(message);
    }
  });

  it("refuses what is not JSON and a folder without a number", () => {
    expect(() => parseManifest("{", "03-x")).toThrow(
      "workshops/03-x/workshop.json: is not JSON",
    );
    expect(() => parseManifest("{}", "rate-limiter")).toThrow("folder name");
  });
});
