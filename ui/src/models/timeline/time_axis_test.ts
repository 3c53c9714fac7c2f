import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createTimeAxis } from "./time_axis.ts";

describe("createTimeAxis()", () => {
  it("spans from 0 to 1 and keeps the order", () => {
    const axis = createTimeAxis([0, 1, 2, 3, 200, 201]);

    const places = [0, 1, 2, 3, 200, 201].map(axis.position);

    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBeCloseTo(1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("leaves room for the burst beside a long wait", () => {
    const axis = createTimeAxis([0, 1, 2, 3, 200, 201]);

    // To scale the first three steps would have 1.5 % of the room.
    expect(axis.position(3)).toBeGreaterThan(0.2);
    expect(axis.position(200) - axis.position(3)).toBeGreaterThan(0.3);
  });

  it("begins with the first moment, however late it is", () => {
    const axis = createTimeAxis([1000, 1001]);

    expect([axis.position(1000), axis.ticks[0]?.atMs]).toEqual([0, 1000]);
  });

  it("puts a moment between two others where it belongs", () => {
    const axis = createTimeAxis([0, 10]);

    expect(axis.position(5)).toBeCloseTo(0.5);
  });

  it("bears a trace in which everything happened at once", () => {
    const axis = createTimeAxis([0, 0, 0]);

    expect([axis.position(0), axis.ticks.length]).toEqual([0, 1]);
  });
});
