import type { Operation } from "./types.ts";

/** What one object does when operations come one after another: the specification that a history is held against. */
export interface Model<State, Input, Output> {
  readonly initial: State;
  /**
   * The states that may follow when `input` is applied in `state` and answers `output`; none when that is
   * impossible. `output` is undefined for an operation whose answer nobody saw: then every state that any answer
   * could have led to.
   */
  step(
    state: State,
    input: Input,
    output: Output | undefined,
  ): readonly State[];
  /**
   * Whether nothing in `history` shows an effect of this unanswered operation, so that leaving it out loses no
   * valid order. Saves a search that doubles with each of them. Default: no.
   */
  isUnseen?(
    input: Input,
    history: readonly Operation<Input, Output>[],
  ): boolean;
  /** Equal texts for equal states, which saves searching twice. Default JSON.stringify. */
  textOf?(state: State): string;
}

/** What can be asked of a register. */
export type RegisterInput<Value> =
  | { readonly kind: "read" }
  | { readonly kind: "write"; readonly value: Value }
  /** Writes `value` if the register holds `expected`; a definite "no" is outcome `fail`. */
  | {
    readonly kind: "compareAndSet";
    readonly expected: Value;
    readonly value: Value;
  };

/**
 * One value that is read, written, and swapped. The output of a read is the value; the others have none.
 * Values are compared by `===`; write distinct ones, or a stale read can look fresh.
 */
export function registerModel<Value>(
  initial: Value,
): Model<Value, RegisterInput<Value>, Value> {
  return {
    initial,
    step(state, input, output) {
      switch (input.kind) {
        case "read":
          return output === undefined || output === state ? [state] : [];
        case "write":
          return [input.value];
        case "compareAndSet":
          return input.expected === state ? [input.value] : [];
      }
    },
    isUnseen(input, history) {
      if (input.kind === "read") return true;
      return history.every((other) =>
        other.output !== input.value &&
        (other.input.kind !== "compareAndSet" ||
          other.input.expected !== input.value)
      );
    },
  };
}

/** What can be asked of a counter. */
export type CounterInput =
  | { readonly kind: "read" }
  | { readonly kind: "add"; readonly amount: number };

/** A sum. The output of a read is the sum; that of an `add` is the new sum, or undefined where it is not told. */
export function counterModel(
  initial = 0,
): Model<number, CounterInput, number> {
  return {
    initial,
    step(state, input, output) {
      const next = input.kind === "add" ? state + input.amount : state;
      return output === undefined || output === next ? [next] : [];
    },
  };
}
