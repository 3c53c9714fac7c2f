import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { replayCommand } from "./replay_command.ts";

describe("replayCommand()", () => {
  it("names workshop, stage and seed of the check", () => {
    expect(replayCommand("03.4a", "1a2b3c4d"))
      .toBe("deno task workshop 3 --stage 4 --seed 1a2b3c4d");
    expect(replayCommand("12.10b", "x.2"))
      .toBe("deno task workshop 12 --stage 10 --seed x.2");
  });
});
