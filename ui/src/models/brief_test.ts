import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { stageSection, withoutTitle } from "./brief.ts";

const BRIEF = `# 03 — Rate limiter

Intro.

## Stages

### 03.1 Fixed window

First.

#### A detail

### 03.10 Later

Tenth.

## Trade-offs
`;

describe("stageSection()", () => {
  it("ends at the next heading that is as high", () => {
    expect(stageSection(BRIEF, "03.1")).toBe("First.\n\n#### A detail");
  });

  it("does not take 03.10 for 03.1, and ends at a higher heading", () => {
    expect(stageSection(BRIEF, "03.10")).toBe("Tenth.");
  });

  it("is undefined where the brief has no such stage", () => {
    expect(stageSection(BRIEF, "03.2")).toBeUndefined();
  });
});

describe("withoutTitle()", () => {
  it("takes away the first heading only", () => {
    expect(withoutTitle(BRIEF).trimStart().startsWith("Intro.")).toBe(true);
    expect(withoutTitle("## Kept\n")).toBe("## Kept\n");
  });
});
