import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { linearizable } from "./linearizable.ts";
import {
  counterModel,
  type Model,
  type RegisterInput,
  registerModel,
} from "./models.ts";
import type { Operation } from "./types.ts";

type RegisterOperation = Operation<RegisterInput<number>, number>;

const REGISTER = registerModel(0);

describe("linearizable()", () => {
  it("accepts an empty history", () => {
    expect(linearizable([], REGISTER).verdict).toBe("valid");
  });

  it("accepts overlapping operations in whatever order fits", () => {
    const history = [
      write("A", 1, [0, 10]),
      read("B", 0, [2, 4]), // before the write takes effect
      read("C", 1, [3, 6]), // after it
    ];
    expect(linearizable(history, REGISTER).verdict).toBe("valid");
  });

  it("catches a stale read", () => {
    const history = [write("A", 1, [0, 1]), read("B", 0, [2, 3])];
    expect(linearizable(history, REGISTER)).toEqual({
      verdict: "invalid",
      message: "The history has no valid order: with the value 1, " +
        'nothing allows B: {"kind":"read"} → 0 (2.0–3.0 ms)',
    });
  });

  it("takes operations that only touch in time for overlapping", () => {
    const history = [write("A", 1, [0, 1]), read("B", 0, [1, 2])];
    expect(linearizable(history, REGISTER).verdict).toBe("valid");
  });

  it("catches a value that comes back after it was overwritten", () => {
    const history = [
      write("A", 1, [0, 1]),
      write("A", 2, [2, 9]),
      read("B", 2, [3, 4]),
      read("B", 1, [5, 6]),
    ];
    expect(linearizable(history, REGISTER).verdict).toBe("invalid");
  });

  it("catches two readers who see two overlapping writes in opposite orders", () => {
    const history = [
      write("A", 1, [0, 10]),
      write("B", 2, [0, 10]),
      read("C", 1, [1, 2]),
      read("C", 2, [3, 4]),
      read("D", 2, [1, 2]),
      read("D", 1, [3, 4]),
    ];
    expect(linearizable(history, REGISTER).verdict).toBe("invalid");
  });

  it("catches a lost update: two swaps from the same value", () => {
    const history = [swap("A", 0, 1, [0, 5]), swap("B", 0, 2, [0, 5])];
    expect(linearizable(history, REGISTER).verdict).toBe("invalid");
  });

  it("catches a read of a write that was refused", () => {
    const refused = { ...write("A", 1, [0, 1]), outcome: "fail" as const };
    expect(linearizable([refused, read("B", 1, [2, 3])], REGISTER).verdict)
      .toBe("invalid");
  });

  it("lets an unanswered write take effect late, or never", () => {
    const unanswered = { ...write("A", 1, [0, 1]), outcome: "maybe" as const };
    const late = [unanswered, read("B", 0, [2, 3]), read("B", 1, [4, 5])];
    const never = [unanswered, read("B", 0, [2, 3])];
    expect(linearizable(late, REGISTER).verdict).toBe("valid");
    expect(linearizable(never, REGISTER).verdict).toBe("valid");
  });

  it("does not let an unanswered write take effect twice, or too early", () => {
    const unanswered = { ...write("A", 1, [4, 5]), outcome: "maybe" as const };
    const twice = [
      unanswered,
      read("B", 1, [6, 7]),
      write("B", 2, [8, 9]),
      read("B", 1, [10, 11]),
    ];
    const early = [unanswered, read("B", 1, [1, 2])];
    expect(linearizable(twice, REGISTER).verdict).toBe("invalid");
    expect(linearizable(early, REGISTER).verdict).toBe("invalid");
  });

  it("keeps keys apart and names the one that is wrong", () => {
    const history = [
      { ...write("A", 1, [0, 1]), key: "x" },
      { ...read("B", 0, [2, 3]), key: "y" },
      { ...write("A", 5, [4, 5]), key: "y" },
      { ...read("B", 0, [6, 7]), key: "y" },
    ];
    const { verdict, message } = linearizable(history, REGISTER);
    expect(verdict).toBe("invalid");
    expect(message).toMatch(/^Key "y" has no valid order/);
  });

  it("judges by the model that it is given", () => {
    const add = (client: string, [start, end]: Span, total: number) =>
      operation(
        client,
        { kind: "add" as const, amount: 1 },
        [start, end],
        total,
      );
    const right = [add("A", [0, 5], 2), add("B", [0, 5], 1)];
    const lostUpdate = [add("A", [0, 5], 1), add("B", [0, 5], 1)];
    expect(linearizable(right, counterModel()).verdict).toBe("valid");
    expect(linearizable(lostUpdate, counterModel()).verdict).toBe("invalid");
  });

  it("tries every state that a model with a choice allows", () => {
    const coin: Model<string, "flip", string> = {
      initial: "none",
      step: (state, _input, output) =>
        output === undefined
          ? ["heads", "tails"]
          : output === "same as before"
          ? [state].filter((side) => side === "tails")
          : [output],
    };
    const flips = [
      { ...operation("A", "flip" as const, [0, 1]), outcome: "maybe" as const },
      operation("A", "flip" as const, [2, 3], "same as before"),
    ];
    expect(linearizable(flips, coin).verdict).toBe("valid");
  });

  it("says unknown when the budget runs out", () => {
    // Reads that fit nothing, among writes that all overlap: every order has to be tried.
    const history = Array.from(
      { length: 40 },
      (_, i) => write(`writer ${i}`, i + 1, [0, 100]),
    );
    const impossible = [...history, read("reader", 999, [0, 100])];
    const finding = linearizable(impossible, REGISTER, { budgetMs: 50 });
    expect(finding.verdict).toBe("unknown");
    expect(finding.message).toContain("within 50 ms");
  });

  it("raises no false alarm on 120 valid histories", () => {
    for (let seed = 1; seed <= 120; seed++) {
      const history = validHistory(seed);
      const { verdict, message } = linearizable(history, REGISTER);
      expect({ seed, verdict, message })
        .toEqual({ seed, verdict: "valid", message: "" });
    }
  });

  it("catches one stale read hidden in each of 30 long histories", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const history = validHistory(seed);
      const last = Math.max(...history.map(({ endedAtMs }) => endedAtMs));
      const stale = [
        ...history,
        write("X", 1_000_001, [last + 1, last + 2]),
        write("X", 1_000_002, [last + 3, last + 4]),
        read("Y", 1_000_001, [last + 5, last + 6]),
      ];
      expect({ seed, verdict: linearizable(stale, REGISTER).verdict })
        .toEqual({ seed, verdict: "invalid" });
    }
  });
});

type Span = readonly [startedAtMs: number, endedAtMs: number];

function operation<Input, Output>(
  client: string,
  input: Input,
  [startedAtMs, endedAtMs]: Span,
  output?: Output,
): Operation<Input, Output> {
  return { client, input, output, outcome: "ok", startedAtMs, endedAtMs };
}

function write(client: string, value: number, span: Span): RegisterOperation {
  return operation(client, { kind: "write", value }, span);
}

function read(client: string, value: number, span: Span): RegisterOperation {
  return operation(client, { kind: "read" }, span, value);
}

function swap(
  client: string,
  expected: number,
  value: number,
  span: Span,
): RegisterOperation {
  return operation(client, { kind: "compareAndSet", expected, value }, span);
}

/**
 * 60 to 200 operations of 2 to 8 clients on a register that really is one: each takes effect at a moment drawn
 * from between its start and its end. Up to 15 % of the writes go unanswered, half of these without effect.
 */
function validHistory(seed: number): RegisterOperation[] {
  const fraction = seeded(seed);
  const clients = 2 + Math.floor(fraction() * 7);
  const freeAtMs = new Array<number>(clients).fill(0);
  const length = 60 + Math.floor(fraction() * 141);
  const planned = Array.from({ length }, (_, i) => {
    const client = Math.floor(fraction() * clients);
    const startedAtMs = freeAtMs[client]! + fraction();
    const endedAtMs = startedAtMs + 5 * fraction();
    freeAtMs[client] = endedAtMs;
    const effectAtMs = startedAtMs + fraction() * (endedAtMs - startedAtMs);
    const isWrite = fraction() < 0.5;
    const isUnanswered = isWrite && fraction() < 0.15;
    const isApplied = !isUnanswered || fraction() < 0.5;
    const span: Span = [startedAtMs, endedAtMs];
    return { i, client, span, effectAtMs, isWrite, isUnanswered, isApplied };
  });
  let value = 0;
  return planned.sort((a, b) => a.effectAtMs - b.effectAtMs)
    .map(({ i, client, span, isWrite, isUnanswered, isApplied }) => {
      const name = `client ${client}`;
      if (!isWrite) return read(name, value, span);
      if (isApplied) value = i + 1;
      const done = write(name, i + 1, span);
      return isUnanswered ? { ...done, outcome: "maybe" } : done;
    });
}

/** mulberry32: the same fractions for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
