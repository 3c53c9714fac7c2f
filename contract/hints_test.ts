import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hintsIn } from "./hints.ts";

describe("hintsIn()", () => {
  it("keeps headings of a hint's own within its level", () => {
    const text =
      "# 3\n\n## Nudge\n\na\n\n### More\n\n## Own\n\n## Concept\nb\n";
    expect(hintsIn(text)).toEqual([
      { level: "Nudge", text: "a\n\n### More\n\n## Own" },
      { level: "Concept", text: "b" },
    ]);
  });

  it("finds none in an empty text", () => {
    expect(hintsIn("")).toEqual([]);
  });
});
