import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { differenceBetween } from "./difference.ts";

describe("differenceBetween()", () => {
  it("marks the words that differ on both sides", () => {
    const { expected, received } = differenceBetween("200 × 10", "200 × 13");

    expect(expected).toEqual([
      { text: "200 × ", isDifferent: false },
      { text: "10", isDifferent: true },
    ]);
    expect(received.filter(({ isDifferent }) => isDifferent))
      .toEqual([{ text: "13", isDifferent: true }]);
  });

  it("marks nothing where nothing differs", () => {
    const { expected, received } = differenceBetween("same", "same");

    expect([...expected, ...received].some(({ isDifferent }) => isDifferent))
      .toBe(false);
  });

  it("marks nothing where there is only one side", () => {
    const { received } = differenceBetween(undefined, "only this");

    expect(received).toEqual([{ text: "only this", isDifferent: false }]);
  });

  it("keeps every character of long texts", () => {
    const long = Array.from({ length: 900 }, (_, line) => `line ${line}`)
      .join("\n");

    const { expected, received } = differenceBetween(long, long + "\nmore");

    expect(expected.map(({ text }) => text).join("")).toBe(long);
    expect(received.map(({ text }) => text).join("")).toBe(long + "\nmore");
  });
});
