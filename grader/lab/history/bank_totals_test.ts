import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type Balances, type BankInput, bankTotals } from "./bank_totals.ts";
import type { Operation } from "./types.ts";

type BankOperation = Operation<BankInput, Balances>;

describe("bankTotals()", () => {
  it("accepts money that only moves", () => {
    const history = [
      transfer(),
      read({ a: 50, b: 50 }),
      read({ a: 40, b: 60 }),
    ];
    expect(bankTotals(history, { total: 100 }))
      .toMatchObject({ verdict: "valid", message: "" });
  });

  it("catches a read in the middle of a transfer", () => {
    const history = [transfer(), read({ a: 40, b: 50 })];
    expect(bankTotals(history, { total: 100 })).toMatchObject({
      verdict: "invalid",
      wrongTotals: [{ a: 40, b: 50 }],
      message: "1 of 1 reads do not add up to 100: 90",
    });
  });

  it("catches money made of a lost update", () => {
    const history = [transfer(), read({ a: 50, b: 60 })];
    expect(bankTotals(history, { total: 100 }).verdict).toBe("invalid");
  });

  it("catches an account below zero, unless that is allowed", () => {
    const history = [transfer(), read({ a: -10, b: 110 })];
    expect(bankTotals(history, { total: 100 })).toMatchObject({
      verdict: "invalid",
      message: '1 of 1 reads show a negative balance: {"a":-10}',
    });
    expect(bankTotals(history, { total: 100, mayBeNegative: true }).verdict)
      .toBe("valid");
  });

  it("does not decide when nothing was moved or nothing was read", () => {
    const untouched = [transfer("fail"), read({ a: 50, b: 50 })];
    expect(bankTotals(untouched, { total: 100 }).verdict).toBe("unknown");
    expect(bankTotals([transfer()], { total: 100 }).verdict).toBe("unknown");
  });
});

const PLACE = { client: "A", startedAtMs: 0, endedAtMs: 0 };

function transfer(outcome: BankOperation["outcome"] = "ok"): BankOperation {
  const input = { kind: "transfer", from: "a", to: "b", amount: 10 } as const;
  return { ...PLACE, input, outcome };
}

function read(output: Balances): BankOperation {
  return { ...PLACE, input: { kind: "read" }, output, outcome: "ok" };
}
