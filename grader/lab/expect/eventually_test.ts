import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { CallScope, ScopeEnded } from "./call_scope.ts";
import { Inconclusive } from "./check_failure.ts";
import { eventually } from "./eventually.ts";

describe("eventually()", () => {
  it("gives the result of the first try that does not throw", async () => {
    let tries = 0;
    const result = await eventually(() => {
      if (++tries < 3) throw new Error("not yet");
      return tries;
    });
    expect(result).toBe(3);
  });

  it("throws what the last try threw when the time is up", async () => {
    let tries = 0;
    const never = () => {
      throw new Error(`try ${++tries}`);
    };
    await expect(eventually(never, { withinMs: 50 })).rejects.toThrow(/^try/);
    expect(tries).toBeGreaterThan(1);
  });

  it("does not wait for what can no longer come true", async () => {
    const undecided = () => {
      throw new Inconclusive("The machine was too slow");
    };
    await expect(eventually(undecided)).rejects.toThrow(Inconclusive);
  });

  it("ends with the scope that it was called in", async () => {
    const scope = new CallScope();
    const waiting = scope.run(() =>
      eventually(() => Promise.reject(new Error("not yet")))
    );
    scope.end("the check is over");
    await expect(waiting).rejects.toThrow(ScopeEnded);
  });
});
